import { useEffect, useEffectEvent, useState } from 'react'

export type Dragged = { kind: 'article' | 'collection'; id: string }
export type Dropped = Dragged & { edge: 'before' | 'after' | 'into' }

/** How near to the edge of the window a drag scrolls it, and how far at once. */
const edgePx = 64
const scrollPx = 14

/**
 * Follows what is dragged by its grip. What can be dropped on carries `data-drop="article:…"` or `collection:…`, and
 * `data-over` while something is above it.
 */
export function useDragging(onDrop: (dragged: Dragged, on: Dropped) => void) {
  const [dragged, setDragged] = useState<Dragged>()
  const follow = useEffectEvent((event: PointerEvent) => dragged && mark(dragged, event))
  const drop = useEffectEvent((event: PointerEvent) => {
    const on = dragged && targetOf(dragged, event)
    if (dragged && on) onDrop(dragged, on)
  })
  const isDragging = dragged !== undefined
  useEffect(() => {
    if (!isDragging) return undefined
    const move = (event: PointerEvent) => follow(event)
    const end = (event: PointerEvent) => {
      if (event.type === 'pointerup') drop(event)
      unmark()
      setDragged(undefined)
    }
    addEventListener('pointermove', move)
    addEventListener('pointerup', end)
    addEventListener('pointercancel', end)
    return () => {
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', end)
      removeEventListener('pointercancel', end)
    }
  }, [isDragging])
  return { dragged, begin: setDragged }
}

function mark(dragged: Dragged, event: PointerEvent): void {
  unmark()
  if (event.clientY < edgePx) scrollBy(0, -scrollPx)
  if (event.clientY > innerHeight - edgePx) scrollBy(0, scrollPx)
  const on = targetOf(dragged, event)
  if (on) elementOf(event)?.setAttribute('data-over', on.edge)
}

function unmark(): void {
  for (const one of document.querySelectorAll('[data-over]')) one.removeAttribute('data-over')
}

function targetOf(dragged: Dragged, event: PointerEvent): Dropped | undefined {
  const element = elementOf(event)
  const [kind, id] = element?.dataset['drop']?.split(':') ?? []
  if (!element || !id || id === dragged.id) return undefined
  const { top, height } = element.getBoundingClientRect()
  const share = (event.clientY - top) / height
  if (dragged.kind === 'article') {
    if (kind === 'collection') return { kind, id, edge: 'into' }
    return { kind: 'article', id, edge: share < 0.5 ? 'before' : 'after' }
  }
  if (kind !== 'collection') return undefined
  return { kind, id, edge: share < 0.3 ? 'before' : share > 0.7 ? 'after' : 'into' }
}

function elementOf({ clientX, clientY }: PointerEvent): HTMLElement | null {
  return document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-drop]') ?? null
}
