import { channels, priorities, ticketStatuses } from './ticket-states.ts'

/** Conditions on tickets, as addresses, views and the API write them. Apart from the schemas, as `ticket-states.ts` is. */

/** What a condition may ask about, by kind: of the kind follows how it may be asked, and what it is compared with. */
const kinds = {
  status: 'one',
  priority: 'one',
  channel: 'one',
  owner: 'known',
  topic: 'known',
  tag: 'tags',
  mailbox: 'known',
  language: 'known',
  customer: 'known',
  organisation: 'known',
  subject: 'words',
  created: 'moment',
  message: 'moment',
  waiting: 'wait',
  followed: 'one',
  mentioned: 'one',
  field: 'field',
} as const
export type ConditionName = keyof typeof kinds
export const conditionNames = Object.keys(kinds) as ConditionName[]

const tests = {
  one: ['any', 'none'],
  known: ['any', 'none', 'given', 'empty'],
  tags: ['any', 'all', 'none', 'given', 'empty'],
  words: ['contains', 'lacks'],
  moment: ['older', 'younger', 'before', 'from'],
  wait: ['older', 'younger', 'before', 'from', 'given', 'empty'],
  field: ['any', 'none', 'contains', 'lacks', 'less', 'more', 'before', 'from', 'given', 'empty'],
} as const
export type ConditionTest = (typeof tests)[keyof typeof tests][number]

/** How each kind of custom field may be asked about. */
export const fieldTests = {
  text: ['contains', 'lacks', 'any', 'none', 'given', 'empty'],
  number: ['any', 'none', 'less', 'more', 'given', 'empty'],
  date: ['any', 'before', 'from', 'given', 'empty'],
  choice: ['any', 'none', 'given', 'empty'],
  yes_no: ['any', 'given', 'empty'],
} as const satisfies Record<string, readonly ConditionTest[]>

/** One condition. `fieldId`: which custom field it asks about. */
export type TicketCondition = { name: ConditionName; fieldId?: string; test: ConditionTest; values: string[] }

export const mostConditions = 20
const mostValues = 50
/** How many values each way of asking takes; the others take one. */
const counts: Partial<Record<ConditionTest, [least: number, most: number]>> = {
  any: [1, mostValues],
  all: [1, mostValues],
  none: [1, mostValues],
  given: [0, 0],
  empty: [0, 0],
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const age = /^[1-9]\d{0,3}[hd]$/
const among = (known: readonly string[]) => (value: string) => known.includes(value)
const isShort = (longest: number) => (value: string) => value.length <= longest
const isMember = (value: string) => value === 'me' || uuid.test(value)

const isValue: Partial<Record<ConditionName, (value: string) => boolean>> = {
  status: among(ticketStatuses),
  priority: among(priorities),
  channel: among(channels),
  owner: isMember,
  followed: isMember,
  mentioned: isMember,
  mailbox: (value) => uuid.test(value),
  customer: (value) => uuid.test(value),
  tag: isShort(40),
  topic: isShort(80),
  language: isShort(20),
  organisation: isShort(120),
  subject: isShort(200),
}

/** Which ways of asking there are; of a custom field as its kind allows. */
export function testsOf(name: ConditionName, fieldKind?: keyof typeof fieldTests): readonly ConditionTest[] {
  return fieldKind ? fieldTests[fieldKind] : tests[kinds[name]]
}

/**
 * Reads `name:test:value,value`, of a custom field `field/ID:test:value`; a comma that belongs to a value stands behind a
 * backslash. Pure.
 * @returns undefined for what is no condition
 */
export function readCondition(given: string): TicketCondition | undefined {
  const [, name, fieldId, test, rest] = /^([a-z]+)(?:\/([0-9a-f-]{36}))?:([a-z]+)(?::([^]*))?$/.exec(given.trim()) ?? []
  if (!isName(name) || (name === 'field') !== (fieldId !== undefined && uuid.test(fieldId))) return undefined
  const way = testsOf(name).find((one) => one === test)
  const values = rest === undefined ? [] : splitValues(rest)
  const [least, most] = (way && counts[way]) ?? [1, 1]
  if (!way || values.length < least || values.length > most) return undefined
  const kept = name === 'tag' ? values.map((value) => value.toLowerCase()) : values
  if (!kept.every((value) => fits(name, way, value))) return undefined
  return { name, ...(fieldId && { fieldId }), test: way, values: kept }
}

/** The same the other way. Pure. */
export function writeCondition({ name, fieldId, test, values }: TicketCondition): string {
  const about = fieldId ? `${name}/${fieldId}` : name
  if (values.length === 0) return `${about}:${test}`
  return `${about}:${test}:${values.map((value) => value.replaceAll(/[\\,]/g, String.raw`\$&`)).join(',')}`
}

function isName(given: string | undefined): given is ConditionName {
  return given !== undefined && Object.hasOwn(kinds, given)
}

function splitValues(given: string): string[] {
  const parts = given.match(/(?:\\[^]|[^\\,])+/g) ?? []
  return parts.map((part) => part.replaceAll(/\\([^])/g, '$1').trim()).filter((part) => part !== '')
}

function fits(name: ConditionName, test: ConditionTest, value: string): boolean {
  if (test === 'older' || test === 'younger') return age.test(value)
  if (test === 'before' || test === 'from') return isDay(value)
  return isValue[name]?.(value) ?? true
}

function isDay(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value) || value < '0001') return false
  const day = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value)
}

/** What a filter says by single names, as conditions: one way to show and change both. */
export function conditionsOf(filter: Readonly<Record<string, unknown>>): TicketCondition[] {
  const { where, field, owner, followed } = filter as {
    where?: string[]
    field?: string[]
    owner?: string
    followed?: string
  }
  const plain = (
    ['status', 'priority', 'channel', 'topic', 'tag', 'mailbox', 'language', 'customer', 'organisation'] as const
  )
    .filter((name) => filter[name] !== undefined)
    .map((name): TicketCondition => ({ name, test: 'any', values: [String(filter[name])] }))
  const owned: TicketCondition[] =
    owner === undefined
      ? []
      : [
          owner === 'nobody'
            ? { name: 'owner', test: 'empty', values: [] }
            : { name: 'owner', test: 'any', values: [owner] },
        ]
  const fields = [field ?? []].flat().map((one): TicketCondition => {
    const at = one.indexOf(':')
    return { name: 'field', fieldId: one.slice(0, at).toLowerCase(), test: 'any', values: [one.slice(at + 1)] }
  })
  const followers: TicketCondition[] = followed ? [{ name: 'followed', test: 'any', values: ['me'] }] : []
  return [
    ...owned,
    ...plain,
    ...fields,
    ...followers,
    ...[where ?? []].flat().flatMap((one) => readCondition(one) ?? []),
  ]
}
