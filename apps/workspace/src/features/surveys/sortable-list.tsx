import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { moved } from './content.ts'

type Props<T> = {
  items: readonly T[]
  /** What an item is called when it is moved or removed. */
  nameOf: (item: T) => string
  idOf: (item: T) => string
  least?: number
  onChange: (items: T[]) => void
  /** Left out where nothing can be removed. */
  onRemove?: (place: number) => void
  children: (item: T, place: number) => ReactNode
}

/** Items with a handle each: dragged, or moved with the arrow keys while the handle has the focus. */
export function SortableList<T>({ items, nameOf, idOf, least = 0, onChange, onRemove, children }: Props<T>) {
  const [dragged, setDragged] = useState<number | null>(null)
  const [said, setSaid] = useState('')
  const list = useRef<HTMLUListElement>(null)
  const move = (from: number, to: number) => {
    const item = items[from]
    if (!item || from === to || to < 0 || to >= items.length) return
    onChange(moved(items, from, to))
    setSaid(t('surveys.movedTo', { name: nameOf(item), place: to + 1, count: items.length }))
  }
  const onKeyDown = (event: KeyboardEvent, place: number) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!by) return
    event.preventDefault()
    flushSync(() => move(place, place + by))
    const next = Math.max(0, Math.min(items.length - 1, place + by))
    list.current?.querySelectorAll<HTMLElement>('.bu-grip')[next]?.focus()
  }
  const drag = useEffectEvent(({ clientY }: PointerEvent) => {
    if (dragged === null) return
    const over = [...(list.current?.children ?? [])].findIndex((row) => isIn(row, clientY))
    if (over < 0 || over === dragged) return
    move(dragged, over)
    setDragged(over)
  })
  const isDragging = dragged !== null
  useEffect(() => {
    if (!isDragging) return undefined
    const follow = (event: PointerEvent) => drag(event)
    const drop = () => setDragged(null)
    addEventListener('pointermove', follow)
    addEventListener('pointerup', drop)
    addEventListener('pointercancel', drop)
    return () => {
      removeEventListener('pointermove', follow)
      removeEventListener('pointerup', drop)
      removeEventListener('pointercancel', drop)
    }
  }, [isDragging])
  return (
    <>
      <ul className="bu-list" ref={list}>
        {items.map((item, place) => (
          <li key={idOf(item)} data-dragged={place === dragged || undefined}>
            <button
              type="button"
              className="bu-grip"
              aria-label={t('surveys.move', { name: nameOf(item) })}
              title={t('surveys.moveHint')}
              onKeyDown={(event) => onKeyDown(event, place)}
              onPointerDown={() => setDragged(place)}
            >
              <Icon name="grip" />
            </button>
            <div>{children(item, place)}</div>
            {onRemove && (
              <button
                className="button"
                data-tone="plain"
                data-size="small"
                data-icon
                type="button"
                disabled={items.length <= least}
                aria-label={t('surveys.remove', { name: nameOf(item) })}
                onClick={() => onRemove(place)}
              >
                <Icon name="cross" />
              </button>
            )}
          </li>
        ))}
      </ul>
      <span className="visually-hidden" aria-live="polite">
        {said}
      </span>
    </>
  )
}

function isIn(row: Element, y: number): boolean {
  const { top, bottom } = row.getBoundingClientRect()
  return y >= top && y <= bottom
}
