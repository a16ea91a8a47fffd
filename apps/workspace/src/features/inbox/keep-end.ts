import { useEffect, useRef } from 'react'

/** Whoever is this near the end reads the end. */
const nearPx = 48

let toEnd: (() => void) | undefined

/** Puts the keyboard where one reads, so that its keys scroll there; on a phone the page scrolls as a whole. */
export function focusReading(): void {
  const body = document.querySelector<HTMLElement>('.in-body')
  const scrolls = body && getComputedStyle(body).overflowY === 'auto'
  const target = scrolls ? body : document.getElementById('main')
  target?.focus({ preventScroll: true })
}

/** After one has written: the end is shown, wherever one has read. */
export function showEnd(): void {
  toEnd?.()
}

/**
 * Where the conversation scrolls by itself: it opens at its end, and whoever is there stays there while mails unfold
 * and messages come. Whoever reads further up is left where they are.
 */
export function useKeepEnd() {
  const content = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const inner = content.current
    const body = inner?.closest<HTMLElement>('.in-body')
    if (!inner || !body) return undefined
    let atEnd = true
    const go = () => {
      atEnd = true
      body.scrollTop = body.scrollHeight
    }
    const watcher = new ResizeObserver(() => atEnd && go())
    watcher.observe(inner)
    const onScroll = () => (atEnd = body.scrollHeight - body.scrollTop - body.clientHeight < nearPx)
    body.addEventListener('scroll', onScroll, { passive: true })
    toEnd = go
    return () => {
      toEnd = undefined
      watcher.disconnect()
      body.removeEventListener('scroll', onScroll)
    }
  }, [])
  return content
}
