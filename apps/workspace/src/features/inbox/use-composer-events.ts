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
    on('keydown', (event) => {
      const solves = event.key === 'Enter' && event.shiftKey && (event.ctrlKey || event.metaKey)
      if (solves) {
        event.preventDefault()
        latest.current.onSolve()
      } else if (event.key === 'Escape' && !event.defaultPrevented) focusReading()
    })
    return () => stop.abort()
  }, [form])
  return dragged
}
