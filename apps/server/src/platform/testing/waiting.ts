import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'

/**
 * Until so many statements wait for what another transaction holds, in the database of this connection.
 * @throws Error when a minute passes without it
 */
export async function untilWaiting(connection: pg.ClientConfig, count = 1): Promise<void> {
  // A connection of its own: inside a transaction PostgreSQL shows nobody who came after it was asked first.
  const client = new pg.Client(connection)
  await client.connect()
  const patience = performance.now() + 60_000
  try {
    while (performance.now() < patience) {
      const { rows } = await client.query<{ n: number }>(`select count(*)::integer as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`)
      if (rows[0]!.n >= count) return
      await wait(10)
    }
    throw new Error(`Never did ${count} wait for a lock.`)
  } finally {
    await client.end()
  }
}
