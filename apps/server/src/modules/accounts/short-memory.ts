import type { Clock } from '#platform/clock.ts'

/** What was read a moment ago, kept for the next who asks. */
export type ShortMemory<T> = {
  /** The value, at once when it is remembered; those who ask for the same at the same time share one read. */
  get(key: string): T | Promise<T>
  /** Drops everything, also what is being read right now. */
  forget(): void
}

type Kept<T> = { value: T; at: number }

/**
 * A bounded memory of what `load` says: nothing in it is older than `maxAgeMs`, and when it is full the value that
 * was asked for longest ago goes. A failed read is not remembered.
 */
export function shortMemory<T>(options: {
  capacity: number
  maxAgeMs: number
  clock: Clock
  load: (key: string) => Promise<T>
}): ShortMemory<T> {
  const { capacity, maxAgeMs, clock, load } = options
  let kept = new Map<string, Kept<T>>()
  let reading = new Map<string, Promise<T>>()

  const read = (key: string): Promise<T> => {
    const [into, among] = [kept, reading]
    const at = clock.now().getTime()
    const promise = load(key)
      .then((value) => {
        if (into.size >= capacity) into.delete(into.keys().next().value!)
        into.set(key, { value, at })
        return value
      })
      .finally(() => among.delete(key))
    among.set(key, promise)
    return promise
  }
  return {
    get(key) {
      const found = kept.get(key)
      if (!found) return reading.get(key) ?? read(key)
      kept.delete(key)
      if (clock.now().getTime() - found.at > maxAgeMs) return reading.get(key) ?? read(key)
      kept.set(key, found)
      return found.value
    },
    // A read that began before may know the old state: it fills the maps that nobody looks into any more.
    forget() {
      kept = new Map()
      reading = new Map()
    },
  }
}
