import type { Response, SurveyContent, SurveyQuestion } from '@lahko/contract'
import type { Language, Translated } from '@lahko/contract/values'
import { effortStep, type Scale } from '@lahko/effort'
import type { Customer } from '#people'
import type { Touchpoint } from '#touchpoints'
import { inLanguage } from './content.ts'
import type { ListedResponse } from './listing.queries.ts'

/** What a response is read with. */
export type Reading = {
  content: SurveyContent
  scale: Scale
  customers: ReadonlyMap<string, Customer>
  touchpoints: ReadonlyMap<string, Touchpoint>
  language: Language
  /** What stands for `{company}` in texts. */
  company: string
}

/** A response of an identified survey as members read it. */
export function viewResponse(row: ListedResponse, reading: Reading): Response {
  const { content, scale, customers, touchpoints } = reading
  const say = (text: Translated) => inLanguage(text, reading.language, content, reading.company)
  return {
    id: row.id,
    score: row.score,
    effortStep: effortStep(row.score, scale),
    answeredAt: row.answered_at.toISOString(),
    answeredOn: row.local_date,
    language: row.language,
    version: row.version,
    wording: row.wording,
    source: row.source,
    reasons: row.reasons.map((id) => ({ id, label: reasonLabel(content, id, say) })),
    comment: row.comment,
    answers: content.questions
      .filter(({ id }) => row.answers[id] !== undefined)
      .map((question) => ({
        id: question.id,
        question: say(question.text),
        value: valueOf(question, row.answers[question.id]!, say),
      })),
    attributes: row.attributes,
    customer: row.customer_id ? (customers.get(row.customer_id) ?? null) : null,
    touchpoint: row.touchpoint_id ? (touchpoints.get(row.touchpoint_id) ?? null) : null,
    excluded: row.excluded_reason,
  }
}

function reasonLabel({ reasons }: SurveyContent, id: string, say: (text: Translated) => string): string {
  const option = reasons.flatMap(({ options }) => options).find((one) => one.id === id)
  return option ? say(option.label) : id
}

function valueOf(question: SurveyQuestion, value: string | string[], say: (text: Translated) => string): string {
  const chosen = typeof value === 'string' ? [value] : value
  if (question.kind === 'text') return chosen.join(', ')
  return chosen
    .map((id) => question.options.find((option) => option.id === id))
    .map((option, place) => (option ? say(option.label) : chosen[place]!))
    .join(', ')
}
