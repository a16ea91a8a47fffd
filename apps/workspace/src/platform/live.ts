import type { QueryClient } from '@tanstack/react-query'

/** What is fetched again when a fact of this kind happened: the first part of its type, and first parts of query keys. */
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
  customer: ['customers', 'touchpoints', 'responses'],
  touchpoint: ['touchpoints', 'customers'],
  ticket: ['tickets', 'customers', 'touchpoints'],
  macro: ['macros'],
  inbound: ['inbound'],
  key: ['keys'],
  session: ['sessions'],
  demo: ['demo', 'me', 'surveys', 'insight', 'responses'],
}

/** At most so often is anything fetched again, however much happens. */
const calmMs = 400

/** Which query keys a wake-up makes stale; for a kind of fact that nobody knows, all of them. */
export function staleAfter(type: string): readonly string[] | 'all' {
  return affected[type.split(/[._]/)[0] ?? ''] ?? 'all'
}

/** Listens to the server as long as the page is open and fetches again what changed. Returns how to stop. */
export function listenLive(queries: QueryClient): () => void {
  const waiting = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = 0
  const flush = () => {
    timer = undefined
    last = Date.now()
    const all = waiting.has('all')
    void queries.invalidateQueries({ predicate: ({ queryKey }) => all || waiting.has(String(queryKey[0])) })
    waiting.clear()
  }
  const wake = (type: string) => {
    const stale = staleAfter(type)
    for (const key of stale === 'all' ? ['all'] : stale) waiting.add(key)
    timer ??= setTimeout(flush, Math.max(0, last + calmMs - Date.now()))
  }
  const source = new EventSource('/api/v1/live')
  let opened = false
  source.addEventListener('open', () => {
    if (opened) wake('all')
    opened = true
  })
  source.addEventListener('message', ({ data }) => wake(typeOf(String(data))))
  return () => {
    clearTimeout(timer)
    source.close()
  }
}

function typeOf(data: string): string {
  try {
    return String((JSON.parse(data) as { type?: unknown }).type)
  } catch {
    return ''
  }
}
