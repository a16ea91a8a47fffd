import type { Language, SurveyContent, SurveyQuestion, Translated } from '@lahko/contract'
import { isScaleId, rules, scales, type Rule, type ScaleId } from '@lahko/effort'

/** What a survey asks, as it is edited. Everything here is pure: content in, content out. */

export type Scale = SurveyContent['score']['scale']
export type ReasonSet = SurveyContent['reasons'][number]
export type Option = ReasonSet['options'][number]
export type Kind = ReasonSet['when'][number]
export const kinds = ['hard', 'neither', 'easy'] as const satisfies Kind[]

/** Every text that a customer reads. */
function textsOf(content: SurveyContent): Translated[] {
  const { score, reasons, comment, questions, thanks } = content
  return [
    score.text,
    score.lowLabel,
    score.highLabel,
    ...reasons.flatMap((set) => [set.text, ...set.options.map(({ label }) => label)]),
    ...(comment ? [comment.text] : []),
    ...questions.flatMap((one) => [one.text, ...(one.kind === 'choice' ? one.options.map(({ label }) => label) : [])]),
    ...kinds.map((kind) => thanks[kind]),
  ]
}

/** How many texts a language still lacks. */
export function missingIn(content: SurveyContent, language: Language): number {
  return textsOf(content).filter((text) => !text[language]?.trim()).length
}

/** The text in a language; where it is missing, in the survey's first one. */
export function spoken(text: Translated, language: Language, { languages }: SurveyContent): string {
  return text[language] || text[languages[0] ?? 'en'] || text.en || text.sl || text.nb || ''
}

/** A list with one item at another place. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.toSpliced(from, 1)
  const item = items[from]
  return item === undefined ? [...items] : rest.toSpliced(Math.max(0, Math.min(to, rest.length)), 0, item)
}

/** A list with one item replaced. */
export function changed<T>(items: readonly T[], place: number, part: Partial<T>): T[] {
  return items.map((item, at) => (at === place ? { ...item, ...part } : item))
}

/** A name for a new option or question; its words may change later, its name never does. */
function newName(): string {
  return crypto.randomUUID().slice(0, 8)
}

export function newOption(): Option {
  return { id: newName(), label: {} }
}

export function newQuestion(kind: SurveyQuestion['kind']): SurveyQuestion {
  const base = { id: newName(), text: {}, required: false }
  return kind === 'text'
    ? { ...base, kind, long: true }
    : { ...base, kind, several: false, options: [newOption(), newOption()] }
}

/** Which kinds of score have no set of reasons yet. */
export function freeKinds({ reasons }: SurveyContent): Kind[] {
  return kinds.filter((kind) => !reasons.some((set) => set.when.includes(kind)))
}

/** Languages put in or taken out; the order of the others stays, and one is always left. */
export function withLanguage(languages: readonly Language[], language: Language, asked: boolean): Language[] {
  if (asked) return languages.includes(language) ? [...languages] : [...languages, language]
  return languages.length === 1 ? [...languages] : languages.filter((one) => one !== language)
}

/** A preset scale by its id, as a survey holds it. */
export function scaleOf(id: ScaleId): Scale {
  const { family, min, max, direction } = scales[id]
  return { id, family, min, max, direction }
}

export function facesFit({ min, max }: Scale): boolean {
  return max - min === 2 || max - min === 4
}

/** Whether a rule's values are runs at their own ends of the scale. */
export function fits(rule: Rule, { min, max, direction }: Scale): boolean {
  const [low, high] = direction === 'high-is-easy' ? [rule.hard, rule.easy] : [rule.easy, rule.hard]
  return low[0] === min && high.at(-1) === max && (low.at(-1) ?? max) < (high[0] ?? min)
}

/** The rule by which a draft would be read: the survey's, or the scale's own where that one no longer fits. */
export function ruleFor(rule: Rule, scale: Scale): Rule {
  if (fits(rule, scale)) return rule
  if (isScaleId(scale.id)) return { id: 'standard', easy: scales[scale.id].easy, hard: scales[scale.id].hard }
  const third = Math.max(1, Math.floor((scale.max - scale.min + 1) / 3))
  return cut(scale, scale.min + third - 1, scale.max - third + 1)
}

/** The rule that cuts a scale after `lowTo` and before `highFrom`; named when it is a ready one. */
export function cut(scale: Scale, lowTo: number, highFrom: number): Rule {
  const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, place) => from + place)
  const [low, high] = [run(scale.min, lowTo), run(highFrom, scale.max)]
  const [easy, hard] = scale.direction === 'high-is-easy' ? [high, low] : [low, high]
  const ready = readyRules(scale).find((rule) => same(rule.easy, easy) && same(rule.hard, hard))
  return { id: ready?.id ?? 'own', easy, hard }
}

/** The published and common ways to read this scale. */
export function readyRules(scale: Scale): readonly Rule[] {
  return isScaleId(scale.id) ? rules[scale.id] : []
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, place) => value === b[place])
}
