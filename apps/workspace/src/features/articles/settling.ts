import type { Language, SettlementOutcome } from '@lahko/contract'
import { api, queries } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'

/** A question as the list shows it. */
export type Question = { language: Language; question: string; words: string }

function refreshSearches(): Promise<void> {
  return queries.invalidateQueries({ queryKey: ['searches'] })
}

/** Words of a question without what was masked in them. */
export function plainWords(words: string): string {
  return words.replaceAll('…', ' ').replaceAll(/\s+/g, ' ').trim()
}

/**
 * Says what was done about a question, with undo.
 * @param takeBack what else is taken back then
 */
export async function settleQuestion(
  { language, question, words }: Question,
  outcome: SettlementOutcome,
  takeBack?: () => Promise<unknown>,
): Promise<void> {
  try {
    const { id } = await api.searches.settle({ body: { language, question, outcome } })
    say(t(`articles.settled.${outcome}`, { words }), () => {
      void Promise.all([takeBack?.(), unsettleQuestion(id)]).catch(sayFailure)
    })
  } catch (error) {
    sayFailure(error)
  }
  await refreshSearches()
}

export async function unsettleQuestion(id: string): Promise<void> {
  await api.searches.unsettle({ params: { id } }).catch(sayFailure)
  await refreshSearches()
}
