import { randomInt } from 'node:crypto'
import pg from 'pg'

/** As `orphaned_mails` knows it: the letters MO. */
const lockClass = 19791
const pauseMs = 1_000

/** By which number a process claims mails. Another process sees by its lock that it lives. */
export type LifeSign = { readonly number: number; ended(): boolean; end(): Promise<void> }

/**
 * Holds an advisory lock as long as the process lives; a lost one is taken again. Without the lock nothing may be
 * claimed, since others would take it for left behind: `ended` says so.
 */
export async function giveLifeSign(connection: pg.ClientConfig): Promise<LifeSign> {
  const number = randomInt(1, 2 ** 31 - 1)
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let left = false
  const hold = async () => {
    const next = new pg.Client({ ...connection, keepAlive: true })
    next.on('error', () => undefined)
    await next.connect()
    await next.query('select pg_advisory_lock($1, $2)', [lockClass, number])
    client = next
    next.once('end', lost)
  }
  const lost = () => {
    client = undefined
    if (!left) timer = setTimeout(() => void hold().catch(lost), pauseMs)
  }
  await hold()
  return {
    number,
    ended: () => client === undefined,
    async end() {
      left = true
      clearTimeout(timer)
      await client?.end()
    },
  }
}
