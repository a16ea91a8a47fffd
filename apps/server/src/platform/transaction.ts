import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'

/**
 * How a transaction begins. `statementTimeout`: as PostgreSQL writes it, `'0'` for none. `often`: so many times that it is
 * worth it that each connection keeps the plans of its statements.
 */
export type Begin = { workspaceId: string; writes: boolean; statementTimeout: string; often?: boolean }

/**
 * One transaction on one connection. It begins with the first statement, without a way to the database of its own.
 * @param pool whose connections do not wait for one answer before they ask for the next
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  begin: Begin,
  work: (kysely: Kysely<unknown>) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  const { kysely, end } = within(client, begin.often ? nameOf : () => undefined)
  try {
    const [, result] = await Promise.all([client.query(beginning(begin)), work(kysely)])
    end()
    await commit(client)
    client.release()
    return result
  } catch (error) {
    end()
    await rollBack(client)
    throw error
  }
}

function beginning({ workspaceId, writes, statementTimeout }: Begin): string {
  const mode = writes ? 'isolation level read committed read write' : 'isolation level repeatable read read only'
  const [workspace, timeout] = [pg.escapeLiteral(workspaceId), pg.escapeLiteral(statementTimeout)]
  return `start transaction ${mode}; set local app.workspace = ${workspace}; set local statement_timeout = ${timeout}`
}

/** By their text. */
const names = new Map<string, string>()
/** A connection keeps no more plans than this. */
const mostNames = 200

function nameOf(text: string): string | undefined {
  if (!names.has(text) && names.size < mostNames) names.set(text, `often_${names.size}`)
  return names.get(text)
}

type NameOf = (text: string) => string | undefined

/** What is asked for after the end would be answered inside somebody else's transaction. */
function within(client: pg.PoolClient, nameOf: NameOf): { kysely: Kysely<unknown>; end(): void } {
  let ended = false
  const query = (text: string, values: readonly unknown[]) => {
    if (ended) throw new Error('The transaction has ended.')
    return client.query({ name: nameOf(text), text, values: [...values] })
  }
  const connection = { query, release() {} }
  const pool = { connect: async () => connection, end: async () => undefined, options: {} }
  return {
    kysely: new Kysely<unknown>({ dialect: new PostgresDialect({ pool: pool as never }) }),
    end: () => void (ended = true),
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('commit')
  // So PostgreSQL ends what an earlier statement has broken, whoever took no notice of that.
  if (command === 'ROLLBACK') throw new Error('A statement of the transaction had failed.')
}

/** A connection that cannot even do this is of no use to the next one. */
async function rollBack(client: pg.PoolClient): Promise<void> {
  await client.query('rollback').then(
    () => client.release(),
    () => client.release(true),
  )
}
