import { getWorkspace } from '#accounts'
import { people as contract, type Suppression as SuppressionView } from '@lahko/contract/people'
import { route, type Route } from '#platform/http.ts'
import { removeSuppression, suppress, suppressAll } from './suppressing.ts'
import { listSuppressions, type Suppression } from './suppressions.queries.ts'

/** Addresses that are not written to. */
export function suppressionRoutes(): Route[] {
  return [
    route(contract.listSuppressions, async ({ query, read }) => {
      const rows = await read(async (db) => {
        const { time_zone: timeZone } = await getWorkspace(db)
        return listSuppressions(db, timeZone, { ...query, limit: query.limit + 1 })
      })
      const shown = rows.slice(0, query.limit)
      return { items: shown.map(view), next: rows.length > query.limit ? shown.at(-1)!.id : null }
    }),
    route(contract.suppress, ({ body, write }) =>
      write(async (tx) => view(await suppress(tx, body.address, body.reason))),
    ),
    route(contract.importSuppressions, ({ body, write }) =>
      write((tx) => suppressAll(tx, body.addresses, body.reason)),
    ),
    route(contract.removeSuppression, ({ params, write }) => write((tx) => removeSuppression(tx, params.id))),
  ]
}

function view({ at, ...rest }: Suppression): SuppressionView {
  return { ...rest, at: at.toISOString() }
}
