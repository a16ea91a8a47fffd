import type { Channel, Priority, TicketStatus, TicketView, ViewFilter } from '@lahko/contract'
import { oneOf } from '../../search.ts'

/** Lists that everybody has, in the order in which they stand in the sidebar. */
export const ownViews = ['mine', 'nobody', 'all', 'snoozed', 'solved', 'spam'] as const
export type OwnView = (typeof ownViews)[number]
export type TicketSort = TicketView['sort']
export const sorts = ['newest', 'waiting', 'priority'] as const satisfies TicketSort[]
export const channels = ['email', 'form', 'portal', 'api'] as const satisfies Channel[]
export const priorities = ['urgent', 'high', 'normal', 'low'] as const satisfies Priority[]
/** By which a list is narrowed: whether something is solved is a matter of the view. */
export const openStatuses = ['new', 'open', 'waiting', 'on_hold'] as const satisfies TicketStatus[]

/** Which tickets are listed: a view, narrowed further, or what some words find. */
export type InboxSearch = {
  view?: string
  find?: string
  sort?: TicketSort
  status?: TicketStatus
  priority?: Priority
  tag?: string
  channel?: Channel
  /** A member, or `nobody`. */
  owner?: string
  topic?: string
  mailbox?: string
  language?: string
  organisation?: string
  /** What a custom field says, as ID:value. */
  field?: string
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

export function readInboxSearch(given: Record<string, unknown>): InboxSearch {
  const { view } = given
  return {
    view: oneOf(ownViews, view) ?? idOf(view),
    find: shortText(given['find'], 200),
    sort: oneOf(sorts, given['sort']),
    status: oneOf(openStatuses, given['status']),
    priority: oneOf(priorities, given['priority']),
    tag: shortText(given['tag'], 40),
    channel: oneOf(channels, given['channel']),
    owner: given['owner'] === 'nobody' ? 'nobody' : idOf(given['owner']),
    topic: shortText(given['topic'], 80),
    mailbox: idOf(given['mailbox']),
    language: shortText(given['language'], 20),
    organisation: shortText(given['organisation'], 120),
    field: fieldOf(given['field']),
  }
}

function idOf(value: unknown): string | undefined {
  return typeof value === 'string' && idShape.test(value) ? value : undefined
}

function fieldOf(value: unknown): string | undefined {
  const [id] = typeof value === 'string' ? value.split(':') : []
  return idOf(id) && shortText(value, 2_100)
}

function shortText(value: unknown, longest: number): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.slice(0, longest) : undefined
}

/** The view that an address names; *mine* where it names none. */
export function ownViewOf({ view }: InboxSearch): OwnView | undefined {
  return view === undefined ? 'mine' : oneOf(ownViews, view)
}

/** Why the saved view that a search names lists nothing: it is not there, or asks for what is not. */
export function lackOf(search: InboxSearch, views: readonly TicketView[] | undefined): 'gone' | 'unfit' | undefined {
  if (!views || search.find !== undefined || ownViewOf(search)) return undefined
  const view = savedView(search, views)
  return !view ? 'gone' : view.fits ? undefined : 'unfit'
}

function savedView({ view }: InboxSearch, views: readonly TicketView[] | undefined): TicketView | undefined {
  return views?.find(({ id }) => id === view)
}

/** What a search means as the API takes it; undefined while the saved view that it names is not known, or asks in vain. */
export function filterOf(search: InboxSearch, views: readonly TicketView[] | undefined): ViewFilter | undefined {
  const own = ownViewOf(search)
  const saved = savedView(search, views)
  const base = own ? filters[own] : saved?.fits ? saved.filter : undefined
  if (!base) return undefined
  return {
    ...base,
    ...narrowedBy(search),
    ...(search.tag && { tag: search.tag.toLowerCase() }),
    ...(search.field && { field: [...[base.field ?? []].flat(), search.field] }),
  }
}

/** By what a list is narrowed. */
const narrowings = [
  ...(['status', 'priority', 'tag', 'channel', 'owner', 'topic', 'mailbox'] as const),
  ...(['language', 'organisation', 'field'] as const),
]

/** What stands in a search as it stands in a filter. */
function narrowedBy(search: InboxSearch): ViewFilter {
  const plain = narrowings.filter((name) => name !== 'field' && search[name] !== undefined)
  return Object.fromEntries(plain.map((name) => [name, search[name]]))
}

/** Whether a list shows less than its view. */
export function isNarrowed(search: InboxSearch): boolean {
  return narrowings.some((name) => search[name] !== undefined)
}

/** The order of a list: as asked, else as the saved view says. */
export function sortOf(search: InboxSearch, views: readonly TicketView[] | undefined): TicketSort {
  return search.sort ?? savedView(search, views)?.sort ?? 'newest'
}
