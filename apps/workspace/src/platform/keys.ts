/** Shortcuts as they are written in the registry: `j`, `g e` (one after the other), `mod+k`, `?`. */

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>

/** How long the second key of a pair is waited for. */
const patienceMs = 1200

/** The name of a press; `mod` is the command key on a Mac and the control key elsewhere. */
export function nameOfPress({ key, ctrlKey, metaKey, altKey }: Press, mac: boolean): string | undefined {
  if (key.length > 1 && !['Enter', 'Escape', 'ArrowLeft', 'ArrowRight'].includes(key)) return undefined
  if (altKey || (mac ? ctrlKey : metaKey)) return undefined
  return (mac ? metaKey : ctrlKey) ? `mod+${key.toLowerCase()}` : key
}

export type Heard = { keys: string; at: number }

/** What has been typed once this press is added: it and the press before, which may be a pair. */
export function hear(before: Heard | undefined, press: string, at: number): Heard {
  const goesOn = before && at - before.at < patienceMs && !press.startsWith('mod+')
  return { keys: goesOn ? `${lastOf(before)} ${press}` : press, at }
}

function lastOf({ keys }: Heard): string {
  return keys.split(' ').at(-1)!
}

/** The shortcut that fits what was heard: the pair if there is one, else the last press alone. */
export function find<T extends { keys?: string }>(actions: Iterable<T>, heard: Heard): T | undefined {
  const known = [...actions].toReversed()
  return known.find((action) => action.keys === heard.keys) ?? known.find((action) => action.keys === lastOf(heard))
}

/** The parts that a person presses, as they stand on the keys. */
export function caps(keys: string, mac: boolean): string[] {
  const shown: Record<string, string> = { mod: mac ? '⌘' : 'Ctrl', ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc' }
  return keys.split(' ').map((press) =>
    press
      .split('+')
      .map((part) => shown[part] ?? (press.includes('+') ? part.toUpperCase() : part))
      .join(mac ? '' : ' '),
  )
}
