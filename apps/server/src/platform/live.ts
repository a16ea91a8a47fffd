import pg from 'pg'
import type { Logger } from 'pino'
import { sharedLook } from './shared-look.ts'

/** What wakes an open screen: which kind of fact, about what. Data is fetched again, never pushed. */
export type Wake = { workspaceId: string; type: string; subjectId: string }

export type Live = {
  /** Calls `listener` after each commit that has something to say; returns how to stop. */
  onWake(listener: (wake: Wake) => void): () => void
  /**
   * Resolves when listeners have been told of all that was committed, by whichever process, before the call.
   * @returns the number of the connection on which they were told, undefined while there is none: what one heard on
   * another connection may have missed something
   */
  heardAll(): Promise<number | undefined>
  close(): Promise<void>
}

// A connection that says nothing for so long is given up: pages do not wait for it.
const longestSilenceMs = 2_000

/** One LISTEN connection for the process, opened again whenever it is lost. */
export function openLive(connection: pg.ClientConfig, log: Logger): Live {
  const listeners = new Set<(wake: Wake) => void>()
  let client: pg.Client | undefined
  let listening: { client: pg.Client; number: number; lose(): void } | undefined
  let connections = 0
  let closed = false
  let told = false
  let timer: NodeJS.Timeout | undefined

  const connect = async () => {
    const next = new pg.Client(connection)
    client = next
    const again = () => {
      if (closed || client !== next) return
      client = listening = undefined
      timer = setTimeout(() => void connect(), 500)
    }
    next.on('error', again)
    next.on('end', again)
    next.on('notification', ({ payload }) => {
      const wake = JSON.parse(payload ?? '{}') as Wake
      for (const listener of listeners) listener(wake)
    })
    try {
      await next.connect()
      await next.query('listen lahko')
      if (client === next) listening = { client: next, number: ++connections, lose: again }
      told = false
    } catch (error) {
      // Once an outage: it is tried twice a second.
      if (!told) log.warn({ reason: (error as Error).message }, 'live updates wait for the database')
      told = true
      again()
    }
  }
  // PostgreSQL hands a connection what it has to tell before it says that a statement is done.
  const heardAll = sharedLook(async () => {
    const now = listening
    if (!now) return undefined
    try {
      await now.client.query({ text: 'select 1', query_timeout: longestSilenceMs } as pg.QueryConfig)
      return listening === now ? now.number : undefined
    } catch {
      now.lose()
      void now.client.end().catch(() => undefined)
      return undefined
    }
  })
  const ready = connect()
  return {
    onWake(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    heardAll,
    async close() {
      closed = true
      clearTimeout(timer)
      await ready
      await client?.end()
    },
  }
}
