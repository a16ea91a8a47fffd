import {
  conditionsOf,
  readCondition,
  testsOf,
  writeCondition,
  type TicketCondition,
  type ViewFilter,
} from '@lahko/contract/tickets'
import { getWorkspace } from '#accounts'
import { organisationGroupsNamed } from '#people'
import { invalidField } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { isColumn, type KnownCondition, type MomentName } from './conditions.queries.ts'
import { typedValue } from './field-values.ts'
import type { TicketFieldRow } from './ticket-fields.queries.ts'

const msOf = { h: 3_600_000, d: 86_400_000 }

/** Why a condition about a custom field asks in vain. */
export type Vain = { code: 'requests.no_field' } | { code: 'requests.not_of_kind'; kind: string }

/**
 * A condition as it is kept: a number that was typed with a comma is found too.
 * @param fields those that are there
 */
export function keptCondition(fields: readonly TicketFieldRow[], given: string): string | Vain {
  const condition = readCondition(given)!
  if (condition.name !== 'field') return writeCondition(condition)
  const field = fields.find(({ id }) => id === condition.fieldId)
  if (!field) return { code: 'requests.no_field' }
  const values = condition.values.map((value) => keptFieldValue(field, condition, value))
  const isAsked = testsOf('field', field.kind).includes(condition.test)
  if (!isAsked || values.includes(undefined)) return { code: 'requests.not_of_kind', kind: field.kind }
  return writeCondition({ ...condition, values: values as string[] })
}

function keptFieldValue(field: TicketFieldRow, { test }: TicketCondition, value: string): string | undefined {
  return test === 'contains' || test === 'lacks' ? value : typedValue(field, value)
}

/** What conditions cannot be known without: what is one with the organisations they name, and where days begin. */
export type Meanings = { organisations: ReadonlyMap<string, readonly string[]>; zone: string }

/** Looks that up for all of some filters at once. */
export async function meaningsOf(db: Db, filters: readonly ViewFilter[]): Promise<Meanings> {
  const all = filters.flatMap(conditionsOf)
  const names = all.flatMap(({ name, values }) => (name === 'organisation' ? values : []))
  const asksOfDays = all.some(({ test }) => test === 'before' || test === 'from')
  return {
    organisations: await organisationGroupsNamed(db, names),
    zone: asksOfDays ? (await getWorkspace(db)).time_zone : '',
  }
}

/** A condition for whoever asks, now. @throws Problem invalid when `me` means nobody */
export function knownCondition(db: Db, meanings: Meanings, condition: TicketCondition): KnownCondition {
  const { name, fieldId, test, values } = condition
  const own = { test, values: values.map((value) => (value === 'me' ? memberOf(db, name) : value)) }
  if (name === 'field') return { about: 'field', fieldId: fieldId!, ...own } as KnownCondition
  if (name === 'tag') return { about: 'tags', test, tags: values } as KnownCondition
  if (name === 'subject') return { about: 'subject', test, text: values[0]! } as KnownCondition
  if (name === 'organisation') return ofOrganisation(meanings, test, values)
  if (name === 'followed' || name === 'mentioned')
    return { about: 'members', name, test, ids: own.values } as KnownCondition
  if (isColumn(name)) return { about: 'column', name, ...own } as KnownCondition
  return ofMoment(db, meanings, { name, test, value: values[0] })
}

/** `me`, where that is somebody; a topic of that name is a topic. */
function memberOf({ actor }: Db, name: TicketCondition['name']): string {
  if (name !== 'owner' && name !== 'followed' && name !== 'mentioned') return 'me'
  if (actor.kind !== 'member') throw invalidField('/query/where', 'tickets.no_member')
  return actor.memberId
}

function ofOrganisation(
  { organisations }: Meanings,
  test: TicketCondition['test'],
  names: readonly string[],
): KnownCondition {
  if (test === 'given' || test === 'empty') return { about: 'organisation', test }
  const ids = names.flatMap((name) => organisations.get(name) ?? [])
  return { about: 'organisations', test: test === 'any' ? 'any' : 'none', ids }
}

type OfMoment = { name: MomentName; test: TicketCondition['test']; value?: string | undefined }

function ofMoment({ now }: Db, { zone }: Meanings, { name, test, value = '' }: OfMoment): KnownCondition {
  if (test === 'given' || test === 'empty') return { about: 'moment', name, test }
  if (test === 'before' || test === 'from') return { about: 'moment', name, test, at: { day: value, zone } }
  const ms = Number(value.slice(0, -1)) * msOf[value.endsWith('h') ? 'h' : 'd']
  return { about: 'moment', name, test: test === 'older' ? 'before' : 'from', at: new Date(now.getTime() - ms) }
}
