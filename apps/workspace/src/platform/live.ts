import type { QueryClient } from '@tanstack/react-query'

/**
 * What is fetched again when a fact of this kind happened: its type or the first part of it, and first parts of query
 * keys. A query whose `meta` names a subject is left alone by what happened to others.
 */
const affected: Readonly<Record<string, readonly string[]>> = {
  response: ['insight', 'responses', 'surveys', 'survey', 'customers', 'touchpoints'],
  import: ['imports', 'insight', 'responses', 'surveys', 'survey'],
  survey: ['surveys', 'survey', 'insight'],
  workspace: ['me'],
  member: ['members', 'me'],
  programme: ['programmes'],
  asking: ['asking-rules'],
  invitation: ['invitations'],
  invitations: ['invitations'],
  notice: ['notices'],
  mailbox: ['mailboxes'],
  mail: ['mails', 'mailboxes', 'invitations', 'customers', 'touchpoints'],
  suppression: [],
  suppressions: [],
  customer: ['customers', 'touchpoints', 'responses', 'organisations', 'notes'],
  organisation: ['organisations', 'customers', 'notes'],
  touchpoint: ['touchpoints', 'customers', 'organisations'],
  ticket: ['tickets', 'ticketValues', 'customers'],
  'ticket.readers': ['presence'],
  macro: ['macros'],
  article: ['articles', 'article-collections'],
  search: ['searches'],
  synonyms: ['synonyms'],
  inbound: ['inbound'],
  key: ['keys'],
  session: ['sessions'],
  demo: ['demo', 'me', 'surveys', 'insight', 'responses'],
}

/** At most so often is anything fetched again, however much happens. */
const calmMs = 400

/** Which query keys a wake-up makes stale; for a kind of fact that nobody knows, all of them. */
export function staleAfter(type: string): readonly string[] | 'all' {
  return affected[type] ?? affected[type.split(/[._]/)[0] ?? ''] ?? 'all'
}

/** What is told to concern some subjects; none are named where there are too many. */
export type Wake = { type: string; subjectIds: readonly string[] }

/** Both of two tickets change by these, whichever is named. */
const widely = /^ticket\.(merged|unmerged|split)$/

/** Whether a wake-up concerns a query. */
export function concerns({ type, subjectIds }: Wake, queryKey: readonly unknown[], subject: unknown): boolean {
  const stale = staleAfter(type)
  if (stale !== 'all' && !stale.includes(String(queryKey[0]))) return false
  return typeof subject !== 'string' || subjectIds.length === 0 || subjectIds.includes(subject) || widely.test(type)
}

/** Listens to the server as long as the page is open and fetches again what changed. Returns how to stop. */
export function listenLive(queries: QueryClient): () => void {
  let waiting: Wake[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = 0
  const flush = () => {
    timer = undefined
    last = Date.now()
    const heard = waiting
    waiting = []
    void queries.invalidateQueries({
      predicate: ({ queryKey, meta }) => heard.some((wake) => concerns(wake, queryKey, meta?.['subjectId'])),
    })
  }
  const wake = (heard: Wake) => {
    waiting.push(heard)
    timer ??= setTimeout(flush, Math.max(0, last + calmMs - Date.now()))
  }
  // What was fetched since the page began may be older than what happened before the stream is open.
  const source = new EventSource(`/api/v1/live?missedMs=${Math.ceil(performance.now())}`)
  let opened = false
  source.addEventListener('open', () => {
    if (opened) wake({ type: 'all', subjectIds: [] })
    opened = true
  })
  source.addEventListener('message', ({ data }) => wake(wakeOf(String(data))))
  return () => {
    clearTimeout(timer)
    source.close()
  }
}

function wakeOf(data: string): Wake {
  try {
    const { type, subjectIds } = JSON.parse(data) as Partial<Wake>
    return { type: String(type), subjectIds: Array.isArray(subjectIds) ? subjectIds : [] }
  } catch {
    return { type: '', subjectIds: [] }
  }
}
