import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { permissions } from '../packages/contract/src/permissions.ts'
import { createKey } from '../apps/server/src/modules/accounts/keys.ts'
import { systemClock } from '../apps/server/src/platform/clock.ts'
import { openDatabase, type Database } from '../apps/server/src/platform/embedded/index.ts'
import { migrate } from '../apps/server/src/platform/migrations.ts'
import { openStore, system } from '../apps/server/src/platform/store.ts'
import { serverEnvironment, serverFlags } from '../scripts/server-flags.mjs'
import { fillDesk, hashOfData, until, workspaceId } from './desk-data.ts'
import type { DeskServerOrder } from './desk-server.ts'

/** A desk of some size with a server of its own, and a key that may do all. */
export type Desk = { tickets: number; owner: pg.Client; key: string; port: number; pid: number; close(): Promise<void> }

/** The PostgreSQL of this bench, whose data stay for the next run. */
export async function openKept(): Promise<Database> {
  const folder = join(tmpdir(), `lahko-bench-desk-${hashOfData()}`)
  await mkdir(folder, { recursive: true })
  // PostgreSQL's own user has to reach it when this runs as root.
  await chmod(folder, 0o755)
  return openDatabase({ dataFolder: join(folder, 'data'), databaseUrl: undefined })
}

/** Opens a desk on a copy of its data, so that each run begins with the same. */
export async function openDesk(database: Database, tickets: number): Promise<Desk> {
  const kept = `desk_${tickets}`
  await ensureKept(database, kept, tickets)
  const copy = `copy_of_${kept}`
  await withClient(database.owner, async (client) => {
    await client.query(`drop database if exists ${copy} with (force)`)
    await client.query(`create database ${copy} template ${kept} strategy file_copy`)
  })
  const owner = new pg.Client({ ...database.owner, database: copy })
  await owner.connect()
  const app = { ...database.app, database: copy }
  const key = await newKey(app)
  const { child, port, pid } = await startServer({ app, owner: { ...database.owner, database: copy } })
  return {
    ...{ tickets, owner, key, port, pid },
    async close() {
      child.disconnect()
      if (child.exitCode === null) await once(child, 'exit')
      await owner.end()
      await withClient(database.owner, (client) => client.query(`drop database ${copy} with (force)`))
    },
  }
}

/** Under another name until it is whole. */
async function ensureKept(database: Database, kept: string, tickets: number): Promise<void> {
  await withClient(database.owner, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [kept])
    if (rowCount) return
    const began = performance.now()
    await client.query(`drop database if exists ${kept}_half`)
    await client.query(`create database ${kept}_half`)
    const half = { ...database.owner, database: `${kept}_half` }
    await migrate(half)
    await withClient(half, (owner) => fillDesk(owner, tickets))
    await client.query(`alter database ${kept}_half rename to ${kept}`)
    console.log(`${tickets} tickets written in ${((performance.now() - began) / 1000).toFixed(0)} s; they are kept`)
  })
}

async function withClient<T>(connection: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function newKey(app: pg.ClientConfig): Promise<string> {
  const store = openStore(app, systemClock, () => undefined)
  try {
    const { key } = await store.write({ workspaceId, actor: system }, (tx) =>
      createKey(tx, { name: 'bench', scopes: [...permissions] }),
    )
    return key
  } finally {
    await store.close()
  }
}

/** Starts a server as a process of its own; it ends when its channel does. */
export async function startServer(
  connections: Pick<DeskServerOrder, 'app' | 'owner'>,
): Promise<{ child: ChildProcess; port: number; pid: number }> {
  const order: DeskServerOrder = { ...connections, now: until, environment: {} }
  const child = fork(new URL('./desk-server.ts', import.meta.url), [JSON.stringify(order)], {
    execArgv: serverFlags,
    env: { ...serverEnvironment, ...process.env, NODE_ENV: 'production' },
  })
  const died = once(child, 'exit').then(([code]) => Promise.reject(new Error(`The server ended with ${code}.`)))
  const [told] = (await Promise.race([once(child, 'message'), died])) as [{ port: number; pid: number }]
  died.catch(() => undefined)
  return { child, ...told }
}
