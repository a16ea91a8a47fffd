import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Permission, Role } from '@lahko/contract'
import type { Clock } from './clock.ts'
import { inTransaction, type Begin } from './transaction.ts'

// Counts fit into a double; without this they would arrive as strings.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
// A date is a day, not a moment: keep it as `YYYY-MM-DD`.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

export type Actor =
  | {
      kind: 'member'
      memberId: string
      accountId: string
      sessionId: string
      role: Role
      permissions: ReadonlySet<Permission>
    }
  | { kind: 'key'; keyId: string; permissions: ReadonlySet<Permission> }
  | { kind: 'customer'; permissions: ReadonlySet<Permission> }
  | { kind: 'nobody'; permissions: ReadonlySet<Permission> }
  | { kind: 'system'; permissions: ReadonlySet<Permission> }

/** In which workspace, and on whose behalf. */
export type Scope = { readonly workspaceId: string; readonly actor: Actor }

/**
 * A connection inside one workspace: what queries take first. Statements that do not wait for each other go out together
 * and are worked on in the order in which they were given.
 */
export type Db = Scope & { readonly kysely: Kysely<unknown>; readonly now: Date }

declare const writing: unique symbol
/** A transaction that may change state. Only `write` hands it out, so a verb that demands it cannot run outside one. */
export type Tx = Db & { readonly [writing]: true }

export type Store = {
  /** One read-only transaction inside the workspace; several statements see the same snapshot. */
  read<T>(scope: Scope, work: (db: Db) => Promise<T>): Promise<T>
  /** The same for what somebody waits for on purpose, such as an export: a statement may take minutes. */
  readPatiently<T>(scope: Scope, work: (db: Db) => Promise<T>): Promise<T>
  /** One transaction: all of it or nothing. */
  write<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T>
  /** The same for what is done many times a second, with the same statements: their plans are kept. */
  writeOften<T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T>
  /** How many transactions somebody has asked for who waits for a reply: all but the system's own. */
  askedFor(): number
  /** For the closed list of functions that work before a workspace is known. */
  readonly outside: Kysely<unknown>
  readonly pool: pg.Pool
  /** For answers alone, so that they never wait for a connection behind whoever reads. */
  readonly ingestPool: pg.Pool
  close(): Promise<void>
}

export const nobody: Actor = { kind: 'nobody', permissions: new Set() }
export const system: Actor = { kind: 'system', permissions: new Set() }

const connectionTimeoutMs = 10_000

/**
 * Opens the application's pools.
 * @param connection of the application's role, which row-level security binds
 */
export function openStore(connection: pg.PoolConfig, clock: Clock, onError: (error: Error) => void): Store {
  // A connection in use that breaks fails the query that waits on it; unheard, its error would end the process.
  const open = (max: number) =>
    new pg.Pool({ max, connectionTimeoutMillis: connectionTimeoutMs, pipeline: true, ...connection })
      .on('error', onError)
      .on('connect', (client) => client.on('error', () => undefined))
  const pool = open(12)
  const ingestPool = open(4)
  let askedFor = 0
  const within = <T>(
    { workspaceId, actor }: Scope,
    begin: Omit<Begin, 'workspaceId'>,
    work: (tx: Tx) => Promise<T>,
  ) => {
    if (actor.kind !== 'system') askedFor++
    return inTransaction(pool, { ...begin, workspaceId }, (kysely) =>
      work({ workspaceId, actor, kysely, now: clock.now() } as unknown as Tx),
    )
  }
  const outside = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  return {
    read: (scope, work) => within(scope, { writes: false, statementTimeout: '20s' }, work),
    readPatiently: (scope, work) => within(scope, { writes: false, statementTimeout: '10min' }, work),
    write: (scope, work) => within(scope, { writes: true, statementTimeout: '0' }, work),
    writeOften: (scope, work) => within(scope, { writes: true, statementTimeout: '0', often: true }, work),
    askedFor: () => askedFor,
    outside,
    pool,
    ingestPool,
    close: async () => void (await Promise.all([outside.destroy(), ingestPool.end()])),
  }
}

/** A module names its own tables once and gets a function that shows it those and no others. */
export function tablesOf<Tables>(): (db: Db) => Kysely<Tables> {
  return (db) => db.kysely as Kysely<Tables>
}
