import type pg from 'pg'
import type { Store } from '#platform/store.ts'

/** The statements that some work sends through the application's pool, in their order; beginning and committing among them. */
export async function statementsOf({ pool }: Pick<Store, 'pool'>, work: () => Promise<unknown>): Promise<string[]> {
  const said: string[] = []
  const heard = new Set<pg.PoolClient>()
  const listen = (client: pg.PoolClient) => {
    if (heard.has(client)) return
    heard.add(client)
    const query = client.query.bind(client) as (...given: unknown[]) => unknown
    client.query = ((...given: unknown[]) => {
      said.push(String(given[0]))
      return query(...given)
    }) as typeof client.query
  }
  pool.on('acquire', listen)
  try {
    await work()
  } finally {
    pool.off('acquire', listen)
    // What stands on the client itself goes, and what its class has is there again.
    for (const client of heard) delete (client as Partial<pg.PoolClient>).query
  }
  return said
}
