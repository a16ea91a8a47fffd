import { useEffect, useRef, useState, type RefObject } from 'react'
import { focusReading } from './keep-end.ts'

type Heard = { onFiles: (files: Iterable<File>) => void; onSolve: () => void }

/** What the whole composer listens to: files that are dropped on it, and keys that work in each of its fields. */
export function useComposerEvents(form: RefObject<HTMLFormElement | null>, heard: Heard): boolean {
  const [dragged, setDragged] = useState(false)
  const latest = useRef(heard)
  useEffect(() => {
    latest.current = heard
  })
  useEffect(() => {
    const element = form.current
    if (!element) return undefined
    const stop = new AbortController()
    const on = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void) =>
      element.addEventListener(type, listener, { signal: stop.signal })
    on('dragover', (event) => (event.preventDefault(), setDragged(true)))
    on('dragleave', () => setDragged(false))
    on('drop', (event) => {
      event.preventDefault()
      setDragged(false)
      latest.current.onFiles(event.dataTransfer?.files ?? [])
    })
    // Beyond the application's root: whatever within has use for the key says so before.
    const onKey = (event: KeyboardEvent) =>
      element.contains(event.target as Node) && onComposerKey(event, latest.current)
    document.addEventListener('keydown', onKey, { signal: stop.signal })
    return () => stop.abort()
  }, [form])
  return dragged
}

function onComposerKey(event: KeyboardEvent, { onSolve }: Heard): void {
  const solves = event.key === 'Enter' && event.shiftKey && (event.ctrlKey || event.metaKey)
  const leaves = event.key === 'Escape' && document.querySelector('[popover]:popover-open') === null
  if (event.defaultPrevented || (!solves && !leaves)) return
  event.preventDefault()
  if (solves) onSolve()
  else focusReading()
}
