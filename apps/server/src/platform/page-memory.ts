import type { House } from './house.ts'
import type { Wake } from './live.ts'
import type { FinishedPage } from './pages.ts'

/** What is remembered for everybody of one workspace, as it is published now. */
export type Remembered = {
  find(key: string): FinishedPage | undefined
  keep(key: string, page: FinishedPage): void
  /** What stands around many pages, read once until something changes. */
  once<T>(key: string, read: () => Promise<T>): Promise<T>
}

export type PageMemory = {
  /**
   * What is remembered of a workspace. All that was committed before the call is in it, by whichever process: what was
   * put together before such a change is gone.
   * @returns undefined while changes are not heard of; then nothing may be remembered
   */
  of(workspaceId: string): Promise<Remembered | undefined>
  readonly bytes: number
}

type State = { heard: number; bytes: number; pages: Map<string, FinishedPage>; notes: Map<string, Promise<unknown>> }

const mostWorkspaces = 500
/** What an entry takes besides its page. */
const entryBytes = 500

/**
 * Finished pages for those who are nobody in particular, the least asked for going first.
 * @param isAbout whether a wake-up means that such pages may be others now
 */
export function pageMemory(
  { live }: Pick<House, 'live'>,
  { mostBytes, isAbout }: { mostBytes: number; isAbout: (wake: Wake) => boolean },
): PageMemory {
  const states = new Map<string, State>()
  let bytes = 0
  const forget = (workspaceId: string) => {
    bytes -= states.get(workspaceId)?.bytes ?? 0
    states.delete(workspaceId)
  }
  const resize = (state: State, by: number) => {
    state.bytes += by
    bytes += by
  }
  const makeRoom = () => {
    for (const [workspaceId, state] of states) {
      for (const [key, page] of state.pages) {
        if (bytes <= mostBytes) return
        state.pages.delete(key)
        resize(state, -sizeOf(key, page))
      }
      if (bytes <= mostBytes) return
      forget(workspaceId)
    }
  }
  live.onWake((wake) => void (isAbout(wake) && forget(wake.workspaceId)))
  return {
    async of(workspaceId) {
      const heard = await live.heardAll()
      if (heard === undefined) return undefined
      const known = states.get(workspaceId)
      if (known && known.heard !== heard) forget(workspaceId)
      const state = states.get(workspaceId) ?? { heard, bytes: 0, pages: new Map(), notes: new Map() }
      moveToEnd(states, workspaceId, state)
      if (states.size > mostWorkspaces) forget(states.keys().next().value!)
      const isNow = () => states.get(workspaceId) === state
      return {
        find(key) {
          const page = state.pages.get(key)
          if (page) moveToEnd(state.pages, key, page)
          return page
        },
        keep(key, page) {
          // What was read before a change would be shown after it.
          if (!isNow() || state.pages.has(key)) return
          state.pages.set(key, page)
          resize(state, sizeOf(key, page))
          makeRoom()
        },
        once<T>(key: string, read: () => Promise<T>) {
          const noted = state.notes.get(key) ?? read()
          state.notes.set(key, noted)
          noted.catch(() => state.notes.delete(key))
          return noted as Promise<T>
        },
      }
    },
    get bytes() {
      return bytes
    },
  }
}

function moveToEnd<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key)
  map.set(key, value)
}

function sizeOf(key: string, { packed }: FinishedPage): number {
  return packed.length + 2 * key.length + entryBytes
}
