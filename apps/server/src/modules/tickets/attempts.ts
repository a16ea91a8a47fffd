import { languages, type Language } from '@lahko/contract/values'
import { listTitles } from '#articles'
import type { Tx } from '#platform/store.ts'
import { carryEpisode, type Attempt } from '#touchpoints'
import { insertAttempts, type TicketAttempt } from './attempts.queries.ts'

/** A request from a page with an episode brings along what was searched for and read before. */
export async function keepAttempts(tx: Tx, ticketId: string, number: string): Promise<void> {
  const attempts = await carryEpisode(tx, { number, contactId: ticketId })
  if (attempts) await insertAttempts(tx, ticketId, await withTitles(tx, attempts))
}

async function withTitles(tx: Tx, attempts: readonly Attempt[]): Promise<TicketAttempt[]> {
  const titles = new Map<string, string>()
  const read = attempts.filter((one) => one.kind === 'article')
  for (const language of new Set(read.map((one) => one.language as Language))) {
    const ids = read.filter((one) => one.language === language).map(({ articleId }) => articleId)
    const known = await listTitles(tx, ids, [language, ...languages])
    for (const [id, { title }] of known) titles.set(id, title)
  }
  return attempts.flatMap((one): TicketAttempt[] => {
    if (one.kind === 'search') return [{ ...one, articleId: null, language: null }]
    const text = titles.get(one.articleId)
    return text === undefined ? [] : [{ ...one, text, language: one.language as Language }]
  })
}
