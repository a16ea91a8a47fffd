import { useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react'
import type { IconName } from './icon.tsx'
import { find, hear, nameOfPress, type Heard } from './keys.ts'

/** Something a person can do here and now. Buttons, the palette, shortcuts and the help sheet are fed from it. */
export type Action = {
  id: string
  name: string
  /** The heading that it stands under in the palette and the help sheet. */
  group: string
  icon?: IconName
  /** As `keys.ts` reads them. */
  keys?: string
  /** Whether a key that is held does it again and again. */
  repeats?: boolean
  run: () => void
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)
const registry = new Map<string, Action>()
const listeners = new Set<() => void>()
let shown: readonly Action[] = []

/** Offers an action for as long as the component is on the screen; `null` offers nothing. */
export function useAction(action: Action | null): void {
  const latest = useRef(action)
  useLayoutEffect(() => {
    latest.current = action
  })
  const { id, name, group, icon, keys, repeats } = action ?? {}
  useEffect(() => {
    if (!id || !name || !group) return undefined
    const entry: Action = { id, name, group, icon, keys, repeats, run: () => latest.current?.run() }
    registry.set(id, entry)
    tell()
    return () => {
      if (registry.get(id) === entry) registry.delete(id)
      tell()
    }
  }, [id, name, group, icon, keys, repeats])
}

/** All actions that the screen offers now, in the order in which they came. */
export function useActions(): readonly Action[] {
  return useSyncExternalStore(subscribe, () => shown)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function tell(): void {
  shown = [...registry.values()]
  for (const listener of listeners) listener()
}

const kept = 'lahko.shortcuts'
let enabled = localStorage.getItem(kept) !== 'off'

/** Whether single keys do something; `mod+…` always does. */
export function useShortcuts(): [boolean, (on: boolean) => void] {
  return [useSyncExternalStore(subscribe, () => enabled), switchShortcuts]
}

function switchShortcuts(on: boolean): void {
  enabled = on
  localStorage.setItem(kept, on ? 'on' : 'off')
  tell()
}

/** Listens to the keyboard until the returned function is called. */
export function listenToKeys(): () => void {
  let heard: Heard | undefined
  const onKey = (event: KeyboardEvent) => {
    const press = nameOfPress(event, isMac)
    if (!press || event.defaultPrevented || isBusyElsewhere(event.target, press)) return
    const now = hear(event.repeat ? undefined : heard, press, event.timeStamp)
    const action = find(registry.values(), now)
    if (event.repeat && !action?.repeats) return
    heard = now
    if (!action) return
    heard = undefined
    event.preventDefault()
    action.run()
  }
  addEventListener('keydown', onKey)
  return () => removeEventListener('keydown', onKey)
}

function isBusyElsewhere(target: EventTarget | null, press: string): boolean {
  if (press.startsWith('mod+')) return false
  if (!enabled || !(target instanceof HTMLElement)) return !enabled
  const writes = target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select')
  const overlaid = document.querySelector('dialog[open], [popover]:popover-open') !== null
  return writes || overlaid || (target.matches('button, a, summary') && press === 'Enter')
}
