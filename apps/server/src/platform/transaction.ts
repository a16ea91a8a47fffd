import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'

/** How a transaction begins. `statementTimeout`: as PostgreSQL writes it, `'0'` for none. */
export type Begin = { workspaceId: string; writes: boolean; statementTimeout: string }

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
  const { kysely, end } = within(client)
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

/** What is asked for after the end would be answered inside somebody else's transaction. */
function within(client: pg.PoolClient): { kysely: Kysely<unknown>; end(): void } {
  let ended = false
  const query = (text: string, values: readonly unknown[]) => {
    if (ended) throw new Error('The transaction has ended.')
    return client.query(text, [...values])
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
