import { useRef, useState, type KeyboardEvent } from 'react'
import { isMac, useActions, type Action } from '../../platform/actions.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { Icon } from '../../platform/icon.tsx'
import { caps } from '../../platform/keys.ts'
import { t } from '../../platform/words.ts'

/** Everything that can be done here, found by its words. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const list = useRef<HTMLUListElement>(null)
  const fitting = useActions().filter((action) => action.id !== 'palette' && fits(action, text))
  const begins = ({ name }: Action) => Number(fold(name).startsWith(fold(text)))
  const found = fitting.toSorted((one, other) => begins(other) - begins(one))
  const run = (action: Action | undefined) => {
    onClose()
    // The dialog gives the focus back first, so that what the action focuses keeps it.
    if (action) setTimeout(action.run)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!by) return
    event.preventDefault()
    const stops = [input.current, ...(list.current?.querySelectorAll<HTMLElement>('button') ?? [])]
    const place = stops.findIndex((stop) => stop === document.activeElement)
    stops[(place + by + stops.length) % stops.length]?.focus()
  }
  const input = useRef<HTMLInputElement>(null)
  return (
    <Dialog title={t('shell.searchOrDo')} onClose={onClose}>
      <form className="search" onSubmit={(event) => (event.preventDefault(), run(found[0]))}>
        <Icon name="search" />
        <input
          ref={input}
          data-first
          className="input"
          type="text"
          autoComplete="off"
          aria-label={t('shell.whatToDo')}
          placeholder={t('shell.whatToDo')}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </form>
      <ul className="sh-found" ref={list}>
        {found.map((action, place) => (
          <li key={action.id}>
            <button
              type="button"
              className="sh-option"
              data-next={(place === 0 && text !== '') || undefined}
              onClick={() => run(action)}
              onKeyDown={onKeyDown}
            >
              <Icon name={action.icon ?? 'right'} />
              <span>{action.name}</span>
              <span className="quiet">{action.group}</span>
              {action.keys && <Caps keys={action.keys} />}
            </button>
          </li>
        ))}
      </ul>
      <p className="quiet sh-none" aria-live="polite">
        {found.length === 0 && t('shell.nothingFits', { text })}
      </p>
    </Dialog>
  )
}

/** The keys of a shortcut, as they stand on the keyboard. */
export function Caps({ keys }: { keys: string }) {
  return (
    <span className="sh-caps">
      {caps(keys, isMac).map((cap) => (
        <span className="kbd" key={cap}>
          {cap}
        </span>
      ))}
    </span>
  )
}

function fits({ name, group }: Action, text: string): boolean {
  const words = fold(`${group} ${name}`)
  return fold(text)
    .split(/\s+/)
    .every((part) => words.includes(part))
}

function fold(text: string): string {
  return text.toLocaleLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '').trim()
}
