import { useEffect, useSyncExternalStore, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { useAction } from './actions.ts'
import { sayProblem } from './api.ts'
import { Icon } from './icon.tsx'
import { t } from './words.ts'

type Toast = { id: number; text: string; undo?: () => void; bad?: boolean }

let toasts: readonly Toast[] = []
let count = 0
let place: HTMLElement | null = null
const listeners = new Set<() => void>()

/** Says what was done; with `undo` it can be taken back for ten seconds. */
export function say(text: string, undo?: () => void): void {
  put([...toasts.slice(-2), { id: ++count, text, undo }])
}

/** Says what went wrong, in the server's words; stays until it is closed. @returns what closes it */
export function sayFailure(error: unknown): () => void {
  const id = ++count
  put([...toasts.slice(-2), { id, text: sayProblem(error), bad: true }])
  return () => drop(id)
}

/** A place of a screen's own, where they take room instead of lying over it. */
export function ToastPlace({ children }: { children?: ReactNode }) {
  return (
    <div className="p-toast-place">
      {children}
      <div ref={keepPlace} />
    </div>
  )
}

function keepPlace(element: HTMLElement | null): void {
  place = element
  put(toasts)
}

/** Where they appear, at the end of what is shown; read aloud when they come. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  const into = useSyncExternalStore(subscribe, () => place)
  return into ? createPortal(<Shown toasts={shown} />, into) : <Shown toasts={shown} />
}

function Shown({ toasts: shown }: { toasts: readonly Toast[] }) {
  const last = shown.findLast(({ undo }) => undo)
  return (
    <div className="p-toasts" aria-live="polite">
      {shown.map((toast) => (
        <ToastView key={toast.id} toast={toast} isLast={toast === last} />
      ))}
      {last && <UndoKey key={last.id} toast={last} />}
    </div>
  )
}

/** The key takes back what was said last; what is said anew comes before what has had the key until then. */
function UndoKey({ toast }: { toast: Toast }) {
  const { id } = toast
  useAction({
    id: `undo-${id}`,
    group: t('shell.everywhere'),
    name: t('shell.undo'),
    keys: 'z',
    run: () => undo(toast),
  })
  return null
}

function undo(toast: Toast): void {
  drop(toast.id)
  toast.undo?.()
}

function ToastView({ toast, isLast }: { toast: Toast; isLast: boolean }) {
  useEffect(() => {
    if (toast.bad) return undefined
    const timer = setTimeout(() => drop(toast.id), 10_000)
    return () => clearTimeout(timer)
  }, [toast])
  return (
    <div className="toast">
      {toast.bad && <Icon name="warning" />}
      <span>{toast.text}</span>
      {toast.undo && (
        <button
          className="button"
          data-size="small"
          type="button"
          aria-keyshortcuts={isLast ? 'z' : undefined}
          onClick={() => undo(toast)}
        >
          {t('shell.undo')} {isLast && <span className="kbd">z</span>}
        </button>
      )}
      <button
        className="button"
        data-size="small"
        data-icon
        type="button"
        aria-label={t('shell.close')}
        onClick={() => drop(toast.id)}
      >
        <Icon name="cross" />
      </button>
    </div>
  )
}

function drop(id: number): void {
  put(toasts.filter((toast) => toast.id !== id))
}

function put(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
