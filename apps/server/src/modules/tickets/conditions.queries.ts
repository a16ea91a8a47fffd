import { priorities } from '@lahko/contract/tickets'
import { sql, type RawBuilder } from 'kysely'
import { belongsTo, organisationOf } from '#people'
import type { Db } from '#platform/store.ts'
import { isFollowed } from './followers.queries.ts'

type Among = 'any' | 'none'
type Known = 'given' | 'empty'
type Bound = 'before' | 'from'
const columns = ['status', 'priority', 'channel', 'owner', 'topic', 'mailbox', 'language', 'customer'] as const
export type ColumnName = (typeof columns)[number]
const moments = { created: 'created_at', message: 'talked_at', waiting: 'waiting_since' } as const
export type MomentName = keyof typeof moments

/** A condition whose `me`, organisation, ages and days have been replaced by what they are now. */
export type KnownCondition =
  | { about: 'column'; name: ColumnName; test: Among | Known; values?: readonly string[] }
  | { about: 'organisations'; test: Among; ids: readonly string[] }
  | { about: 'organisation'; test: Known }
  | { about: 'tags'; test: Among | 'all' | Known; tags: readonly string[] }
  | { about: 'subject'; test: 'contains' | 'lacks'; text: string }
  | { about: 'moment'; name: MomentName; test: Bound; at: Date | { day: string; zone: string } }
  | { about: 'moment'; name: MomentName; test: Known }
  | { about: 'members'; name: 'followed' | 'mentioned'; test: Among; ids: readonly string[] }
  | { about: 'field'; fieldId: string; test: FieldTest; values: readonly string[] }
type FieldTest = Among | Known | Bound | 'contains' | 'lacks' | 'less' | 'more'

export function isColumn(name: string): name is ColumnName {
  return columns.some((one) => one === name)
}

/** What a condition means, of a table that is called `t`. */
export function holds(db: Db, condition: KnownCondition): RawBuilder<unknown> {
  switch (condition.about) {
    case 'column':
      return columnHolds(condition)
    case 'organisations':
      return organisationHolds(db, condition)
    case 'organisation':
      return isKnown(sql`nullif(${organisationOf(db, sql`t.customer_id`)}, '')`, condition.test)
    case 'tags':
      return tagsHold(condition)
    case 'subject':
      return like(sql`t.subject`, condition.test, condition.text)
    case 'moment':
      return momentHolds(condition)
    case 'members':
      return memberHolds(db, condition)
    default:
      return fieldHolds(condition)
  }
}

type Of<A extends KnownCondition['about']> = Extract<KnownCondition, { about: A }>

function columnHolds({ name, test, values = [] }: Of<'column'>): RawBuilder<unknown> {
  const isId = name === 'owner' || name === 'mailbox' || name === 'customer'
  const column = sql.ref(isId ? `t.${name}_id` : `t.${name}`)
  if (test === 'given' || test === 'empty') return isKnown(column, test)
  if (name === 'priority') {
    return among(column, test, sql`any(${values.map((value) => priorities.indexOf(value as never))}::smallint[])`)
  }
  // Merged customers are one person.
  if (name === 'customer')
    return among(column, test, sql`any(array(select p from unnest(${values}::uuid[]) v, same_person(v) p))`)
  return among(column, test, isId ? sql`any(${values}::uuid[])` : sql`any(${values}::text[])`)
}

/** Asked of each ticket's customer: an organisation has more of them than can be named. */
function organisationHolds(db: Db, { test, ids }: Of<'organisations'>): RawBuilder<unknown> {
  const any = belongsTo(db, sql`t.customer_id`, ids)
  return test === 'any' ? any : sql`not ${any}`
}

/** What is not known is none of them. */
function among(column: RawBuilder<unknown>, test: Among, any: RawBuilder<unknown>): RawBuilder<unknown> {
  return test === 'any' ? sql`${column} = ${any}` : sql`(${column} = ${any}) is not true`
}

function isKnown(value: RawBuilder<unknown>, test: Known): RawBuilder<unknown> {
  return test === 'given' ? sql`${value} is not null` : sql`${value} is null`
}

function like(value: RawBuilder<unknown>, test: 'contains' | 'lacks', text: string): RawBuilder<unknown> {
  const pattern = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  return test === 'contains' ? sql`${value} ilike ${pattern}` : sql`${value} not ilike ${pattern}`
}

function tagsHold({ test, tags }: Of<'tags'>): RawBuilder<unknown> {
  const tagged = (which: RawBuilder<unknown>) =>
    sql`exists (select from ticket_tags g where g.workspace_id = t.workspace_id and g.ticket_id = t.id and ${which})`
  if (test === 'given') return tagged(sql`true`)
  if (test === 'empty') return sql`not ${tagged(sql`true`)}`
  if (test === 'all')
    return sql.join(
      tags.map((tag) => tagged(sql`g.tag = ${tag}`)),
      sql` and `,
    )
  const any = tagged(sql`g.tag = any(${tags}::text[])`)
  return test === 'any' ? any : sql`not ${any}`
}

function momentHolds(condition: Of<'moment'>): RawBuilder<unknown> {
  const column = sql.ref(`t.${moments[condition.name]}`)
  if (!('at' in condition)) return isKnown(column, condition.test)
  const { test, at } = condition
  const moment =
    at instanceof Date ? sql`${at}::timestamptz` : sql`(${at.day}::date)::timestamp at time zone ${at.zone}`
  return test === 'before' ? sql`${column} < ${moment}` : sql`${column} >= ${moment}`
}

function memberHolds(db: Db, { name, test, ids }: Of<'members'>): RawBuilder<unknown> {
  const mentioned = sql`exists (select from ticket_mentions f where f.workspace_id = t.workspace_id
    and f.ticket_id = t.id and f.member_id = any(${ids}::uuid[]))`
  const any = name === 'followed' ? isFollowed(db, ids) : mentioned
  return test === 'any' ? any : sql`not ${any}`
}

function fieldHolds({ fieldId, test, values }: Of<'field'>): RawBuilder<unknown> {
  const says = (which: RawBuilder<unknown>) => sql`exists (select from ticket_field_values v
    where v.workspace_id = t.workspace_id and v.ticket_id = t.id and v.field_id = ${fieldId} and ${which})`
  const value = values[0] ?? ''
  // Of another field it may be no number: nobody promises which is looked at first.
  const number = sql`case when v.field_id = ${fieldId} then v.value::numeric end`
  const any = sql`v.value = any(${values}::text[])`
  const ways: Record<FieldTest, () => RawBuilder<unknown>> = {
    given: () => says(sql`true`),
    empty: () => sql`not ${says(sql`true`)}`,
    any: () => says(any),
    none: () => sql`not ${says(any)}`,
    contains: () => says(like(sql`v.value`, 'contains', value)),
    lacks: () => sql`not ${says(like(sql`v.value`, 'contains', value))}`,
    less: () => says(sql`${number} < ${value}::numeric`),
    more: () => says(sql`${number} > ${value}::numeric`),
    before: () => says(sql`v.value collate "C" < ${value}`),
    from: () => says(sql`v.value collate "C" >= ${value}`),
  }
  return ways[test]()
}
