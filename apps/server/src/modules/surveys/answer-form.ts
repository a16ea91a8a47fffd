import type { SurveyContent } from '@lahko/contract/surveys'
import { attributes as attributeRules } from '@lahko/contract/values'
import type { Rule } from '@lahko/effort'
import { beginningOf, plainText } from '#platform/plain-text.ts'
import { kindOfScore } from './content.ts'

/** What somebody filled in, as far as it can be read; nothing that was typed is lost on the way back. */
export type Filled = {
  score?: number
  /** Option ids, by the place of their set. */
  reasons: string[][]
  comment: string
  answers: Record<string, string | string[]>
}

/** Hidden fields of the link: where the answer comes from and what it is about. */
export type Hidden = Readonly<Record<string, string>>

/** A form or a query string as it came, of any shape. */
export type Form = Readonly<Record<string, unknown>>

const longest = { comment: 5000, field: 200, kind: 60 }
const mostFields = 20
const hiddenName = /^[a-zA-Z][a-zA-Z0-9_]{0,39}$/
/** The page's own parameters, and what advertisers hang on links: that names a person, and nobody asked for it. */
const notHidden =
  /^(lang|score|wording|token|comment|fbclid|gclid|dclid|gbraid|wbraid|msclkid|igshid|twclid|yclid|mc_eid|mc_cid|_.*)$/

export const noHidden: Hidden = {}
export const emptyForm: Filled = { reasons: [], comment: '', answers: {} }

/** What came, when it has fields at all. */
export function formOf(given: unknown): Form {
  return typeof given === 'object' && given !== null ? (given as Form) : {}
}

/** The hidden fields of a query string; what is too long, badly named or not text is left out. */
export function hiddenOf(query: Form): Hidden {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(query)) {
    if (Object.keys(kept).length >= mostFields) break
    if (!hiddenName.test(name) || notHidden.test(name) || typeof value !== 'string') continue
    const text = plainText(value)
    if (text !== '' && text.length <= longest.field) kept[name] = text
  }
  return kept
}

/** The hidden fields as the form carried them. */
export function hiddenOfForm(form: Form): Hidden {
  const carried = Object.entries(form).filter(([name]) => name.startsWith('h.'))
  return hiddenOf(Object.fromEntries(carried.map(([name, value]) => [name.slice(2), value])))
}

/** What hidden fields say in the words of an answer: where it comes from, what it is about, and whose it is. */
export function contextOf(hidden: Hidden) {
  const { touchpoint, externalId = touchpoint, kind, customer, ...rest } = hidden
  const lowerCase = Object.entries(rest).map(([name, value]) => [name.toLowerCase(), value] as const)
  const named = Object.fromEntries(kind === undefined ? lowerCase : [...lowerCase, ['kind', kind] as const])
  return {
    ...(attributeRules.safeParse(named).success ? { attributes: named } : {}),
    ...(externalId ? { touchpoint: { externalId, kind: beginningOf(kind ?? 'other', longest.kind) } } : {}),
    ...(customer ? { customer: { externalId: customer } } : {}),
  }
}

/** The score that a link chooses beforehand; nothing when it is not on the scale. */
export function scoreOf(value: unknown, { score: { scale } }: SurveyContent): number | undefined {
  if (typeof value !== 'string' || !/^\d{1,2}$/.test(value)) return undefined
  const score = Number(value)
  return score >= scale.min && score <= scale.max ? score : undefined
}

/** The same of a link that may have been sent when another question was asked: then nothing is chosen. */
export function scoreOfLink(query: Form, { wording, content }: { wording: number; content: SurveyContent }) {
  const sentFor = query['wording']
  return sentFor === undefined || sentFor === String(wording) ? scoreOf(query['score'], content) : undefined
}

/** The value that a link has chosen, for the address of the same page in another language. */
export function chosenIn(said: Form): string {
  const kept = ['score', 'wording'].filter((name) => /^\d{1,5}$/.test(String(said[name] ?? '')))
  return kept.map((name) => `&${name}=${String(said[name])}`).join('')
}

/** Reads a form as far as it makes sense for this content. */
export function filledOf(form: Form, content: SurveyContent): Filled {
  return {
    score: scoreOf(form['score'], content),
    reasons: content.reasons.map((set, at) => chosen(form[`reason-${at}`], set.options)),
    comment: written(form['comment']),
    answers: Object.fromEntries(
      content.questions.flatMap((question) => {
        const value = form[`q-${question.id}`]
        if (question.kind === 'text') {
          const text = written(value)
          return text === '' ? [] : [[question.id, text] as const]
        }
        const ids = chosen(value, question.options)
        return ids.length === 0 ? [] : [[question.id, question.several ? ids : ids[0]!] as const]
      }),
    ),
  }
}

/** A response that was given, as a form to be changed. */
export function filledBy(
  given: { score: number; reasons: readonly string[]; comment: string | null; answers: Filled['answers'] },
  content: SurveyContent,
): Filled {
  return {
    score: given.score,
    reasons: content.reasons.map(({ options }) => chosen([...given.reasons], options)),
    comment: given.comment ?? '',
    answers: given.answers,
  }
}

/** The reasons of the set that the score's kind shows; those of other sets are dropped. */
export function reasonsFor(filled: Filled, content: SurveyContent, rule: Rule): string[] {
  if (filled.score === undefined) return []
  const kind = kindOfScore(filled.score, rule)
  return content.reasons.flatMap((set, at) => (set.when.includes(kind) ? (filled.reasons[at] ?? []) : []))
}

/** The ids of questions that must be answered and are not. */
export function openQuestions(answers: Filled['answers'], content: SurveyContent): string[] {
  return content.questions.filter(({ id, required }) => required && !answers[id]?.length).map(({ id }) => id)
}

function written(value: unknown): string {
  return typeof value === 'string' ? beginningOf(plainText(value), longest.comment) : ''
}

function chosen(value: unknown, options: readonly { id: string }[]): string[] {
  const given = Array.isArray(value) ? value : [value]
  return options.map(({ id }) => id).filter((id) => given.includes(id))
}
