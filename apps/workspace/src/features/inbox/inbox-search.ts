import type { Channel, Priority, TicketStatus, TicketView, ViewFilter } from '@lahko/contract'
import {
  conditionsOf,
  mostConditions,
  readCondition,
  writeCondition,
  type TicketCondition,
} from '@lahko/contract/ticket-conditions'
import { listOf, oneOf } from '../../search.ts'

/** Lists that everybody has, in the order in which they stand in the sidebar. */
export const ownViews = ['mine', 'nobody', 'all', 'snoozed', 'solved', 'spam'] as const
export type OwnView = (typeof ownViews)[number]
export type TicketSort = TicketView['sort']
/** By what a list goes, and the same the other way round. */
export const sorts = [
  ['newest', 'oldest'],
  ['waiting', 'waiting_least'],
  ['priority', 'priority_lowest'],
  ['created_newest', 'created_oldest'],
  ['message_newest', 'message_oldest'],
] as const satisfies [TicketSort, TicketSort][]
export const channels = ['email', 'form', 'portal', 'api'] as const satisfies Channel[]
export const priorities = ['urgent', 'high', 'normal', 'low'] as const satisfies Priority[]
/** By which a list is narrowed: whether something is solved is a matter of the view. */
export const openStatuses = ['new', 'open', 'waiting', 'on_hold'] as const satisfies TicketStatus[]
export const overStatuses = ['solved', 'closed'] as const satisfies TicketStatus[]

/** Which tickets are listed: a view, narrowed further, or what some words find. */
export type InboxSearch = {
  view?: string
  find?: string
  sort?: TicketSort
  /** Conditions that hold besides those of the view, as the API writes them. */
  where?: string[]
  /** They hold instead of those of the saved view. */
  instead?: 'yes'
}

const filters: Readonly<Record<OwnView, ViewFilter>> = {
  mine: { owner: 'me' },
  nobody: { owner: 'nobody' },
  all: {},
  snoozed: { snoozed: 'yes' },
  solved: { shelf: 'solved' },
  spam: { shelf: 'spam' },
}
const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What an address asks for. A condition that is an equality may also stand by its name alone: `tag=zip`. */
export function readInboxSearch(given: Record<string, unknown>): InboxSearch {
  const { view, find } = given
  return {
    view: oneOf(ownViews, view) ?? idOf(view),
    find: typeof find === 'string' && find.trim() !== '' ? find.slice(0, 200) : undefined,
    sort: oneOf(sorts.flat(), given['sort']),
    where: whereIn(given),
    instead: oneOf(['yes'] as const, given['instead']),
  }
}

function whereIn({ where, field, ...given }: Record<string, unknown>): string[] | undefined {
  const byName = Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'string'))
  const short = conditionsOf({ ...byName, field: listOf(field) }).map(writeCondition)
  const read = [...short, ...listOf(where)].flatMap((one) => readCondition(one) ?? [])
  const all = [...new Set(read.map(writeCondition))].slice(0, mostConditions)
  return all.length > 0 ? all : undefined
}

function idOf(value: unknown): string | undefined {
  return typeof value === 'string' && idShape.test(value) ? value : undefined
}

/** The view that an address names; *mine* where it names none. */
export function ownViewOf({ view }: InboxSearch): OwnView | undefined {
  return view === undefined ? 'mine' : oneOf(ownViews, view)
}

/** Whether the saved view that a search names is not there. */
export function isGone(search: InboxSearch, views: readonly TicketView[] | undefined): boolean {
  return views !== undefined && search.find === undefined && !ownViewOf(search) && !savedView(search, views)
}

export function savedView({ view }: InboxSearch, views: readonly TicketView[] | undefined): TicketView | undefined {
  return views?.find(({ id }) => id === view)
}

/**
 * What a search means as the API takes it, which is no more than so many conditions; undefined while the saved view that
 * it names is not known.
 */
export function filterOf(search: InboxSearch, views: readonly TicketView[] | undefined): ViewFilter | undefined {
  const base = baseOf(search, views)
  const where = [...new Set([...[base?.where ?? []].flat(), ...(search.where ?? [])])].slice(0, mostConditions)
  return base && where.length > 0 ? { ...base, where } : base
}

function baseOf(search: InboxSearch, views: readonly TicketView[] | undefined): ViewFilter | undefined {
  const own = ownViewOf(search)
  if (own) return filters[own]
  const saved = savedView(search, views)
  return saved && (search.instead ? placeOf(saved.filter) : found(saved))
}

/** Where a view looks, whatever it looks for. */
function placeOf({ shelf, snoozed }: ViewFilter): ViewFilter {
  return { ...(shelf && { shelf }), ...(snoozed && { snoozed }) }
}

/** A view without what it asks in vain. */
function found({ filter: { field, where, ...filter }, lost }: TicketView): ViewFilter {
  const left = (given: string | string[] = []) => [given].flat().filter((one) => !lost.includes(one))
  const [fields, conditions] = [left(field), left(where)]
  return { ...filter, ...(fields.length > 0 && { field: fields }), ...(conditions.length > 0 && { where: conditions }) }
}

/** All unsolved tickets of which one thing is so. */
export function allWhere(name: TicketCondition['name'], value: string): InboxSearch {
  return { view: 'all', where: [writeCondition({ name, test: 'any', values: [value] })] }
}

/** What a ticket's status can be in a list: nothing that is solved stands among what is not. */
export function statusesIn(search: InboxSearch, views: readonly TicketView[] | undefined): readonly TicketStatus[] {
  const shelf = baseOf(search, views)?.shelf ?? 'unsolved'
  if (shelf === 'spam') return [...openStatuses, ...overStatuses]
  return shelf === 'solved' ? overStatuses : openStatuses
}

/** The conditions by which a list is narrowed. */
export function conditionsIn({ where = [] }: InboxSearch): TicketCondition[] {
  return where.flatMap((one) => readCondition(one) ?? [])
}

/** The conditions of the saved view that a search names, as far as they hold. */
export function conditionsOfView(search: InboxSearch, views: readonly TicketView[] | undefined): TicketCondition[] {
  const saved = savedView(search, views)
  return saved && !search.instead ? conditionsOf(found(saved)) : []
}

/** A search with other conditions: all of the view's own among them are still the view's. */
export function withConditions(
  search: InboxSearch,
  views: readonly TicketView[] | undefined,
  wanted: readonly TicketCondition[],
): Pick<InboxSearch, 'where' | 'instead'> {
  const where = [...new Set(wanted.map(writeCondition))].slice(0, mostConditions)
  const saved = savedView(search, views)
  const own = saved ? conditionsOf(found(saved)).map(writeCondition) : []
  if (!own.every((one) => where.includes(one))) return { where, instead: 'yes' }
  const more = where.filter((one) => !own.includes(one))
  return { where: more.length > 0 ? more : undefined, instead: undefined }
}

/** Whether a list shows something else than its view. */
export function isNarrowed({ where, instead }: InboxSearch): boolean {
  return (where !== undefined && where.length > 0) || instead !== undefined
}

/** The order of a list: as asked, else as the saved view says. */
export function sortOf(search: InboxSearch, views: readonly TicketView[] | undefined): TicketSort {
  return search.sort ?? savedView(search, views)?.sort ?? 'newest'
}
