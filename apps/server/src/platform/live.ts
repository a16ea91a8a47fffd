import pg from 'pg'
import type { Logger } from 'pino'

/** What wakes an open screen: which kind of fact, about what. Data is fetched again, never pushed. */
export type Wake = { workspaceId: string; type: string; subjectId: string }

export type Live = {
  /** Calls `listener` after each commit that has something to say; returns how to stop. */
  onWake(listener: (wake: Wake) => void): () => void
  close(): Promise<void>
}

/** One LISTEN connection for the process, opened again whenever it is lost. */
export function openLive(connection: pg.ClientConfig, log: Logger): Live {
  const listeners = new Set<(wake: Wake) => void>()
  let client: pg.Client | undefined
  let closed = false
  let told = false
  let timer: NodeJS.Timeout | undefined

  const connect = async () => {
    const next = new pg.Client(connection)
    client = next
    const again = () => {
      if (closed || client !== next) return
      client = undefined
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
      told = false
    } catch (error) {
      // Once an outage: it is tried twice a second.
      if (!told) log.warn({ reason: (error as Error).message }, 'live updates wait for the database')
      told = true
      again()
    }
  }
  const ready = connect()
  return {
    onWake(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await ready
      await client?.end()
    },
  }
}
