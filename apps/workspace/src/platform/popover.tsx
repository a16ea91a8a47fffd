import { useEffect, useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

type Props = {
  /** What the button says. */
  label: ReactNode
  /** What the button is called where its words alone do not tell. */
  name?: string
  className?: string
  pressed?: boolean
  size?: 'small'
  tone?: 'plain'
  iconOnly?: boolean
  arrow?: boolean
  children: (close: () => void) => ReactNode
}

/** A button with a panel beside it, in the browser's top layer: Escape or a click elsewhere closes it. */
export function Popover(props: Props) {
  const { className = 'button', arrow = true } = props
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)
  useLayoutEffect(() => (open ? keepBeside(button.current, panel.current) : undefined), [open])
  useEffect(() => walkByKeys(panel.current), [])
  useEffect(() => {
    if (open) panel.current?.querySelector<HTMLElement>('[data-first], input, button, a, select')?.focus()
  }, [open])
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        data-size={props.size}
        data-tone={props.tone}
        data-icon={props.iconOnly || undefined}
        popoverTarget={id}
        aria-label={props.name}
        aria-pressed={props.pressed || undefined}
      >
        {props.label}
        {arrow && <Icon name="down" />}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        className="menu p-popover"
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        {open && props.children(() => document.getElementById(id)?.hidePopover())}
      </div>
    </>
  )
}

/** Arrows go from line to line, letters to the next that begins so; in a field they are its own. */
function walkByKeys(panel: HTMLElement | null): () => void {
  const onKeyDown = (event: KeyboardEvent) => panel && moveAmongItems(panel, event)
  panel?.addEventListener('keydown', onKeyDown)
  return () => panel?.removeEventListener('keydown', onKeyDown)
}

function moveAmongItems(panel: HTMLElement, event: KeyboardEvent): void {
  const items = [...panel.querySelectorAll<HTMLElement>('.menu-item, input[type=checkbox]')]
  const at = items.indexOf(event.target as HTMLElement)
  if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Enter' && items[at]!.matches('input')) return takeChoice(panel, items[at]!, event)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
  const next = to === undefined ? beginningWith(event.key, [...items.slice(at + 1), ...items.slice(0, at)]) : undefined
  const item = to === undefined ? next : items.at(to % items.length)
  if (!item) return
  event.preventDefault()
  item.focus()
}

/** Enter would send the form in which the panel stands. */
function takeChoice(panel: HTMLElement, choice: HTMLElement, event: KeyboardEvent): void {
  event.preventDefault()
  choice.click()
  panel.hidePopover()
}

function beginningWith(key: string, items: readonly HTMLElement[]): HTMLElement | undefined {
  if (key.length !== 1 || key === ' ') return undefined
  const textOf = (item: HTMLElement) => (item.closest('label') ?? item).textContent.trim().toLocaleLowerCase()
  return items.find((item) => textOf(item).startsWith(key.toLocaleLowerCase()))
}

/** One line of a panel that does something or is the choice among others. */
export function MenuItem(props: {
  icon?: IconName
  chosen?: boolean
  bad?: boolean
  onPick: () => void
  children: ReactNode
  end?: ReactNode
}) {
  return (
    <button
      type="button"
      className="menu-item"
      data-tone={props.bad ? 'bad' : undefined}
      aria-pressed={props.chosen}
      onClick={props.onPick}
    >
      {props.icon && <Icon name={props.icon} />}
      <span>{props.children}</span>
      {props.end ?? (props.chosen && <Icon name="check" />)}
    </button>
  )
}

function keepBeside(button: HTMLElement | null, panel: HTMLElement | null): () => void {
  const place = () => {
    if (!button || !panel) return
    const at = button.getBoundingClientRect()
    const { width, height } = panel.getBoundingClientRect()
    // What a scrollbar covers is not seen, nor what is kept free for one.
    const seen = document.documentElement.getBoundingClientRect().width
    const below = at.bottom + 4 + height <= innerHeight || at.top < height
    const start = document.dir === 'rtl' ? at.right - width : at.left
    panel.style.insetInlineStart = `${Math.max(8, Math.min(start, seen - width - 8))}px`
    panel.style.insetBlockStart = `${below ? at.bottom + 4 : at.top - height - 4}px`
  }
  place()
  const watcher = new ResizeObserver(place)
  if (panel) watcher.observe(panel)
  addEventListener('scroll', place, true)
  addEventListener('resize', place)
  return () => {
    watcher.disconnect()
    removeEventListener('scroll', place, true)
    removeEventListener('resize', place)
  }
}
