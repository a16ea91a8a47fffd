import { getWorkspace } from '#accounts'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import { localDateOf, monthsBefore } from '#platform/local-date.ts'
import type { Tx } from '#platform/store.ts'
import { deleteSearchesBefore, deleteSettlementsBefore } from './searches.queries.ts'

const mostAtOnce = 2_000

/** Every day: searches that are older than the workspace keeps them, and what was done about them. */
export function forgetSearchesTask({ store }: House): Task {
  return {
    name: 'forget_searches',
    daily: true,
    async run(scope, _, stopping) {
      for (const forget of [forgetSearches, forgetSettlements])
        while (!stopping.aborted && (await store.write(scope, forget)) === mostAtOnce) continue
    },
  }
}

async function forgetSearches(tx: Tx): Promise<number> {
  return deleteSearchesBefore(tx, await firstDayKept(tx), mostAtOnce)
}

/** What was dismissed stays so until somebody takes it back; the others while searches are kept that they settled. */
async function forgetSettlements(tx: Tx): Promise<number> {
  return deleteSettlementsBefore(tx, new Date(`${await firstDayKept(tx)}T00:00:00Z`), mostAtOnce)
}

async function firstDayKept(tx: Tx): Promise<string> {
  const { keep_searches_months: months, time_zone: zone } = await getWorkspace(tx)
  return monthsBefore(localDateOf(tx.now, zone), months)
}
