import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { Dialog } from '../../platform/dialog.tsx'
import { Icon, type IconName } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'

export type Option = { id: string; name: string; hint?: string; icon?: IconName; chosen?: boolean }

type Props = {
  title: string
  label: string
  options: readonly Option[]
  /** Told as one types; without it the options are narrowed here. */
  onType?: (text: string) => void
  /** What is shown was found for what stood there before: Enter takes what is found next. */
  waits?: boolean
  onPick: (id: string) => void
  onClose: () => void
  children?: ReactNode
}

/** One choice out of many, found as one types: Enter takes the first, arrows go to the others. */
export function PickDialog(props: Props) {
  const { title, label, options, onType, waits = false, onPick, onClose, children } = props
  const [text, setText] = useState('')
  const list = useRef<HTMLUListElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const shown = onType ? options : options.filter(({ name }) => fold(name).includes(fold(text)))
  const entered = useRef(false)
  useEffect(() => {
    if (waits || !entered.current) return
    entered.current = false
    if (shown[0]) onPick(shown[0].id)
  })
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!by) return
    event.preventDefault()
    const stops = [input.current, ...(list.current?.querySelectorAll<HTMLElement>('button') ?? [])]
    const place = stops.findIndex((stop) => stop === document.activeElement)
    // What Enter takes in the field is the first: the arrow goes on from there.
    const from = place === 0 && by > 0 && stops.length > 2 ? 1 : place
    stops[(from + by + stops.length) % stops.length]?.focus()
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="search"
        onSubmit={(event) => {
          event.preventDefault()
          event.stopPropagation()
          if (waits) entered.current = true
          else if (shown[0]) onPick(shown[0].id)
        }}
      >
        <Icon name="search" />
        <input
          ref={input}
          data-first
          className="input"
          type="text"
          autoComplete="off"
          aria-label={label}
          placeholder={label}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            entered.current = false
            onType?.(event.target.value)
          }}
          onKeyDown={onKeyDown}
        />
      </form>
      <ul className="sh-found" ref={list}>
        {shown.map((option, place) => (
          <li key={option.id}>
            <button
              type="button"
              className="sh-option in-option"
              data-next={place === 0 || undefined}
              aria-pressed={option.chosen}
              onClick={() => onPick(option.id)}
              onKeyDown={onKeyDown}
            >
              {option.icon && <Icon name={option.icon} />}
              <span>{option.name}</span>
              {option.hint && <span className="quiet">{option.hint}</span>}
              {option.chosen && <Icon name="check" />}
            </button>
          </li>
        ))}
      </ul>
      <p className="quiet sh-none" aria-live="polite">
        {shown.length === 0 && text !== '' && !waits && t('inbox.nothingFits', { text })}
      </p>
      {children}
    </Dialog>
  )
}

function fold(text: string): string {
  return text.toLocaleLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '').trim()
}
