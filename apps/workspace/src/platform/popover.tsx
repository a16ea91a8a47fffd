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
  useEffect(() => walkByArrows(panel.current), [])
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

/** Arrows go from line to line; in a field they are its own. */
function walkByArrows(panel: HTMLElement | null): () => void {
  const onKeyDown = (event: KeyboardEvent) => moveAmongItems(panel, event)
  panel?.addEventListener('keydown', onKeyDown)
  return () => panel?.removeEventListener('keydown', onKeyDown)
}

function moveAmongItems(panel: HTMLElement | null, event: KeyboardEvent): void {
  const items = [...(panel?.querySelectorAll<HTMLElement>('.menu-item') ?? [])]
  const at = items.indexOf(event.target as HTMLElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
  if (at < 0 || to === undefined) return
  event.preventDefault()
  items.at(to % items.length)?.focus()
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
    // What a scrollbar covers is not seen.
    const seen = document.documentElement.clientWidth
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
