import type { AnswerEntry } from '@lahko/contract'
import { t } from '../../platform/words.ts'

/** For whom an answer counts, and why, as it was when it was given. */
export function CountsFor({ answer: { agent, agentBy } }: { answer: AnswerEntry }) {
  if (!agent) return null
  return <p className="quiet">{t('people.countsFor', { agent, by: agentBy ?? '' })}</p>
}
