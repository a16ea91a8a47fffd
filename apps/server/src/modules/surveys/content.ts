import { isDeepStrictEqual } from 'node:util'
import type { SurveyContent } from '@lahko/contract/surveys'
import type { Language, Translated } from '@lahko/contract/values'
import { customScale, isScaleId, scales, type Rule } from '@lahko/effort'

/** A text that a published language lacks. `field` is a JSON Pointer into the content. */
export type MissingText = { language: Language; field: string }
/** What is wrong with a content; `code` names a sentence. */
export type ContentFault = { field: string; code: string; args?: Record<string, unknown> }
export type ScoreKind = 'hard' | 'neither' | 'easy'

type Scale = SurveyContent['score']['scale']

/** Every text that a customer reads, by its JSON Pointer. */
function textsOf(content: SurveyContent): Map<string, Translated> {
  const texts = new Map<string, Translated>([
    ['/score/text', content.score.text],
    ['/score/lowLabel', content.score.lowLabel],
    ['/score/highLabel', content.score.highLabel],
  ])
  content.reasons.forEach((set, at) => {
    texts.set(`/reasons/${at}/text`, set.text)
    set.options.forEach((option, place) => texts.set(`/reasons/${at}/options/${place}/label`, option.label))
  })
  if (content.comment) texts.set('/comment/text', content.comment.text)
  content.questions.forEach((question, at) => {
    texts.set(`/questions/${at}/text`, question.text)
    if (question.kind !== 'choice') return
    question.options.forEach((option, place) => texts.set(`/questions/${at}/options/${place}/label`, option.label))
  })
  for (const kind of ['hard', 'neither', 'easy'] as const) texts.set(`/thanks/${kind}`, content.thanks[kind])
  return texts
}

/** What each language that is to be published still lacks, language by language. */
export function missingTexts(content: SurveyContent): MissingText[] {
  const texts = [...textsOf(content)]
  return content.languages.flatMap((language) =>
    texts.filter(([, text]) => !text[language]?.trim()).map(([field]) => ({ language, field })),
  )
}

/** What makes a content unusable, whatever the language; a draft with such a fault is not kept. */
export function contentFaults(content: SurveyContent): ContentFault[] {
  return [
    ...repeated(content.languages, '/languages'),
    ...scaleFaults(content),
    ...repeated(
      content.reasons.flatMap((set) => set.when),
      '/reasons',
    ),
    ...content.reasons.flatMap((set, at) => repeated(idsOf(set.options), `/reasons/${at}/options`)),
    ...repeated(idsOf(content.questions), '/questions'),
    ...content.questions.flatMap((question, at) =>
      question.kind === 'choice' ? repeated(idsOf(question.options), `/questions/${at}/options`) : [],
    ),
  ]
}

function scaleFaults({ score: { scale, look } }: SurveyContent): ContentFault[] {
  const field = '/score/scale'
  const values = scale.max - scale.min + 1
  if (values < 3) return [{ field, code: 'surveys.scale_too_short' }]
  if (look === 'faces' && values !== 3 && values !== 5)
    return [{ field: '/score/look', code: 'surveys.faces_need_three_or_five' }]
  if (!isScaleId(scale.id))
    return scale.id === 'custom' ? [] : [{ field: `${field}/id`, code: 'surveys.no_such_scale' }]
  const preset = scales[scale.id]
  const same = (['family', 'min', 'max', 'direction'] as const).every((part) => preset[part] === scale[part])
  return same ? [] : [{ field, code: 'surveys.not_the_preset', args: { scale: scale.id } }]
}

function repeated(names: readonly string[], field: string): ContentFault[] {
  return new Set(names).size === names.length ? [] : [{ field, code: 'surveys.named_twice' }]
}

function idsOf(options: readonly { id: string }[]): string[] {
  return options.map(({ id }) => id)
}

/** What a version asked, as far as wordings are about it. */
export type Asked = Pick<SurveyContent, 'languages' | 'score'>

/**
 * Whether scores under `next` may not be added to those of a wording: the scale differs, or what an end label or the
 * score question said when a language was last asked. Nothing can be compared without a language in common, so that
 * this is another wording too.
 * @param before the versions of the wording, newest first; those that were the last in a language are enough
 */
export function isNewWording(before: readonly Asked[], next: Asked): boolean {
  const scale = before[0]!.score.scale
  if ((['family', 'min', 'max', 'direction'] as const).some((part) => scale[part] !== next.score.scale[part]))
    return true
  const common = next.languages.flatMap((language) => {
    const last = before.find(({ languages }) => languages.includes(language))
    return last ? [{ language, last }] : []
  })
  return common.length === 0 || common.some(({ language, last }) => saysOther(last.score, next.score, language))
}

function saysOther(a: Asked['score'], b: Asked['score'], language: Language): boolean {
  return (['text', 'lowLabel', 'highLabel'] as const).some(
    (part) => spoken(a[part], language) !== spoken(b[part], language),
  )
}

function spoken(text: Translated, language: Language): string {
  return (text[language] ?? '').trim().replace(/\s+/g, ' ')
}

/** Whether two contents ask the same in every way. */
export function sameContent(a: SurveyContent, b: SurveyContent): boolean {
  return isDeepStrictEqual(asStored(a), asStored(b))
}

/** As JSON keeps it: a key that is undefined is no key. */
function asStored(content: SurveyContent): unknown {
  return JSON.parse(JSON.stringify(content))
}

/** The standard rule of a preset scale; for a scale of one's own the outer thirds. */
export function standardRule(scale: Scale): Rule {
  if (isScaleId(scale.id)) return { id: 'standard', easy: scales[scale.id].easy, hard: scales[scale.id].hard }
  const size = scale.max - scale.min + 1
  const third = Math.max(1, Math.floor(size / 3))
  const low = Array.from({ length: third }, (_, place) => scale.min + place)
  const high = Array.from({ length: third }, (_, place) => scale.max - third + 1 + place)
  return scale.direction === 'high-is-easy'
    ? { id: 'standard', easy: high, hard: low }
    : { id: 'standard', easy: low, hard: high }
}

/** Whether easy and hard are runs at their own ends of the scale, in its range and apart from each other. */
export function ruleFits(rule: Rule, scale: Scale): boolean {
  try {
    customScale({ ...scale, easy: rule.easy, hard: rule.hard })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/**
 * How scores on a scale are read. A survey's rule is for the newest wording's scale, and past answers on the same scale
 * follow it; on a scale that it does not fit, the standard one holds.
 */
export function ruleOn(scale: Scale, rule: Rule): Rule {
  return ruleFits(rule, scale) ? rule : standardRule(scale)
}

/** What a score counts as under a rule. */
export function kindOfScore(score: number, rule: Rule): ScoreKind {
  if (rule.hard.includes(score)) return 'hard'
  return rule.easy.includes(score) ? 'easy' : 'neither'
}

/** A text in a language, else in the survey's first one, else in any; `{company}` becomes the company's name. */
export function inLanguage(text: Translated, language: Language, content: SurveyContent, company: string): string {
  const found = text[language] ?? text[content.languages[0]!] ?? text.en ?? text.sl ?? text.nb ?? ''
  return found.replaceAll('{company}', company)
}
