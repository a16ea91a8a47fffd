import { organisations as contract } from '@lahko/contract/organisations'
import { id } from '@lahko/contract/values'
import { route, type Route } from '#platform/http.ts'
import type { Module } from '#platform/module.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { listCustomersByIds } from './customers.queries.ts'
import { viewCustomers } from './customers.view.ts'
import { listCustomersIn } from './merging.queries.ts'
import { mergeOrganisations, unmergeOrganisation } from './merging-organisations.ts'
import { addOrganisationNote, viewOrganisationNotes } from './notes.ts'
import { listCustomerIdsIn, organisationGroup } from './organisations.queries.ts'
import {
  addOrganisationAddress,
  changeOrganisation,
  createOrganisation,
  removeOrganisation,
  removeOrganisationAddress,
} from './organisations.ts'
import { viewOrganisation, viewOrganisations } from './organisations.view.ts'
import { happenedWith } from './timeline.ts'

/** What happened with so many customers of an organisation, the newest, stands on its page. */
const mostTimelines = 500

/** Organisations: their names, addresses and attributes, and what happened with their customers. */
export function organisationRoutes(modules: readonly Module[]): Route[] {
  return [
    route(contract.list, ({ query, read }) => {
      demandId(query.after)
      return read((db) => viewOrganisations(db, query))
    }),
    route(contract.create, ({ body, write }) =>
      write(async (tx) => viewOrganisation(tx, await createOrganisation(tx, body))),
    ),
    route(contract.get, ({ params, read }) => read((db) => viewOrganisation(db, params.id))),
    route(contract.change, ({ params, body, write }) =>
      write(async (tx) => {
        await changeOrganisation(tx, params.id, body)
        return viewOrganisation(tx, params.id)
      }),
    ),
    route(contract.remove, ({ params, write }) => write((tx) => removeOrganisation(tx, params.id))),
    route(contract.customers, ({ params, query, read }) => {
      demandId(query.after)
      return read((db) => customersOf(db, params.id, query))
    }),
    route(contract.timeline, ({ params, query, read }) =>
      read(async (db) => {
        await groupOf(db, params.id)
        return happenedWith(db, modules, await listCustomersIn(db, params.id, mostTimelines), query)
      }),
    ),
    ...oneOrganisationRoutes(),
  ]
}

/** By which addresses customers join one, that two are one, and what members know of it. */
function oneOrganisationRoutes(): Route[] {
  return [
    route(contract.addAddress, ({ params, body, write }) =>
      write(async (tx) => {
        const joined = await addOrganisationAddress(tx, params.id, body.address)
        return { organisation: await viewOrganisation(tx, params.id), joined }
      }),
    ),
    route(contract.removeAddress, ({ params, write }) =>
      write(async (tx) => {
        await removeOrganisationAddress(tx, params.id, params.address)
        return viewOrganisation(tx, params.id)
      }),
    ),
    route(contract.merge, ({ params, body, write }) =>
      write(async (tx) => {
        await mergeOrganisations(tx, params.id, body.intoId)
        return viewOrganisation(tx, params.id)
      }),
    ),
    route(contract.unmerge, ({ params, write }) =>
      write(async (tx) => {
        await unmergeOrganisation(tx, params.id)
        return viewOrganisation(tx, params.id)
      }),
    ),
    route(contract.listNotes, ({ params, query, read }) => {
      demandId(query.after)
      return read((db) => viewOrganisationNotes(db, params.id, query))
    }),
    route(contract.addNote, ({ params, body, write }) => write((tx) => addOrganisationNote(tx, params.id, body.text))),
  ]
}

function demandId(after: string | undefined): void {
  if (!id.optional().safeParse(after).success) throw invalidField('/query/after', 'people.bad_page')
}

async function groupOf(db: Db, organisationId: string): Promise<string[]> {
  const ids = await organisationGroup(db, organisationId)
  if (ids.length === 0) throw new Problem('not_found', 'platform.not_found')
  return ids
}

async function customersOf(db: Db, organisationId: string, { after, limit }: { after?: string; limit: number }) {
  const ids = await listCustomerIdsIn(db, await groupOf(db, organisationId), { after, limit: limit + 1 })
  const rows = new Map((await listCustomersByIds(db, ids.slice(0, limit))).map((row) => [row.id, row]))
  const items = await viewCustomers(
    db,
    ids.slice(0, limit).map((one) => rows.get(one)!),
  )
  return { items, next: ids.length > limit ? items.at(-1)!.id : null }
}
