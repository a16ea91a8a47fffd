import type { Pool, PoolClient } from 'pg'

/**
 * Does something that only one at a time may do, over all processes. The connection holds the lock: when this process
 * dies, the lock is free.
 * @returns undefined when somebody else does it
 */
export async function oneAtATime<T>(pool: Pool, name: string, work: () => Promise<T>): Promise<T | undefined> {
  const client = await pool.connect()
  client.on('error', forget)
  try {
    return (await lock(client, name)) ? await work() : undefined
  } finally {
    await unlock(client, name)
  }
}

async function lock(client: PoolClient, name: string): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>(`select pg_try_advisory_lock(hashtextextended($1, 0)) as got`, [
    name,
  ])
  return rows[0]!.got
}

async function unlock(client: PoolClient, name: string): Promise<void> {
  const ended = await client
    .query(`select pg_advisory_unlock(hashtextextended($1, 0))`, [name])
    .then(() => false)
    .catch(() => true)
  client.removeListener('error', forget)
  client.release(ended)
}

function forget(): void {}
