import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { House } from './house.ts'
import { system, type Scope } from './store.ts'

/** Something that becomes due at a time, as rows that `due_workspaces` knows by this name. */
export type DueKind = {
  readonly name: string
  /** Does a part of what is due in a workspace, passing by what others hold. @returns whether it did anything */
  work(scope: Scope, stopping: AbortSignal): Promise<boolean>
}

export type Due = {
  /** Does all that is due, and returns when nothing is left: tests need no sleep. */
  drain(): Promise<void>
  start(): void
  stop(): Promise<void>
}

const pauseMs = 1_000

/**
 * Looks each second for what is due, and at once when another kind begins to do something: what it writes may be due.
 * Each kind goes its own way, so that a slow mail server holds up nothing else.
 */
export function openDue({ store, clock, log }: House, kinds: readonly DueKind[]): Due {
  const stopping = new AbortController()
  const { signal } = stopping
  const pauses = new Set<AbortController>()
  const endPauses = () => pauses.forEach((one) => one.abort())
  const pause = async () => {
    const end = new AbortController()
    pauses.add(end)
    await sleep(pauseMs, undefined, { signal: end.signal }).catch(() => undefined)
    pauses.delete(end)
  }
  type Failed = (error: unknown, workspaceId?: string) => void
  const work = async ({ name, work: workOn }: DueKind, failed: Failed): Promise<boolean> => {
    const { rows } = await sql<{ workspaceId: string }>`
      select due as "workspaceId" from due_workspaces(${name}, ${clock.now()}) due`.execute(store.outside)
    let worked = false
    for (const { workspaceId } of rows) {
      if (signal.aborted) break
      // What fails in one workspace holds up no other.
      const done = await workOn({ workspaceId, actor: system }, signal).catch((error) => failed(error, workspaceId))
      worked = done === true || worked
    }
    return worked
  }
  const goOn = async (kind: DueKind) => {
    const failed: Failed = (error, workspaceId) =>
      log.error({ err: error, kind: kind.name, workspaceId }, 'what is due was not done')
    let before = false
    while (!signal.aborted) {
      const worked = (await work(kind, failed).catch(failed)) === true
      if (worked && !before) endPauses()
      before = worked
      if (!worked && !signal.aborted) await pause()
    }
  }
  let loops: Promise<void>[] = []
  return {
    async drain() {
      let worked = true
      while (worked) {
        worked = false
        for (const kind of kinds) worked = (await work(kind, rethrow)) || worked
      }
    },
    start: () => void (loops = kinds.map(goOn)),
    async stop() {
      stopping.abort()
      endPauses()
      await Promise.all(loops)
    },
  }
}

function rethrow(error: unknown): never {
  throw error
}
