import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { SurveyContent, SurveyQuestion } from '@lahko/contract/surveys'
import type { Language, Translated } from '@lahko/contract/values'
import type { Rule } from '@lahko/effort'
import { html, raw, type Html } from '#platform/html.ts'
import { documentOf } from '#platform/pages.ts'
import { pageStyle, styleOf, type PageStyle } from '#platform/page-style.ts'
import { words } from '#platform/words.ts'
import type { Filled } from './answer-form.ts'
import { headOf } from './answer-head.ts'
import type { Brand } from './brand.ts'
import { inLanguage, kindOfScore } from './content.ts'
import { valuesOf } from './snippet.ts'

/** Every class that a page of this module may show: what its style is made for. */
export const answerClasses = (
  'ask ask-head ask-logo ask-foot ask-about skip brand icon scale scale-values scale-ends problem chips chip chip-check ' +
  'field optional input choice choices button buttons banner visually-hidden quiet'
).split(' ')

/** The style of all pages on which a customer answers. */
export const answerStyle: PageStyle = pageStyle(
  answerClasses,
  readFileSync(fileURLToPath(new URL('./answering.css', import.meta.url)), 'utf8'),
)

/** What somebody sees who is to answer, and what was wrong with what they sent. */
export type AskPage = {
  brand: Brand
  language: Language
  content: SurveyContent
  rule: Rule
  identity: 'identified' | 'anonymous'
  /** Where the form goes. */
  action: string
  /** The hidden inputs: the token and what the link said. */
  hidden: Html
  /** The address of this page in another language. */
  inOther: (language: Language) => string
  filled: Filled
  /** A change of an answer that is in. */
  again?: boolean
  /** Nothing counts. */
  trial?: boolean
  /** What is to be known before the question, and is no mistake. */
  note?: string
  /** Where whoever was asked by mail says that they want no more questions. */
  leave?: string
  problem?: AskProblem
}

export type AskProblem =
  | { text: string; at: 'score' | 'page' }
  | { text: string; at: 'questions'; ids: readonly string[] }

/** What is said when the score is missing. */
export function missingScore({ score: { look, scale } }: SurveyContent, language: Language): AskProblem {
  const key = look === 'faces' ? 'answering.missing_face' : 'answering.missing_number'
  return { at: 'score', text: words(language, key, { min: scale.min, max: scale.max }) }
}

type Speak = {
  language: Language
  say: (key: string, args?: Record<string, unknown>) => string
  read: (text: Translated) => string
}

/** How a page speaks: the product's words, and the survey's. */
export function speech({ language, content, brand }: Pick<AskPage, 'language' | 'content' | 'brand'>): Speak {
  return {
    language,
    say: (key, args) => words(language, `answering.${key}`, args),
    read: (text) => inLanguage(text, language, content, brand.name),
  }
}

/** The page with the question, whole. */
export function askPage(page: AskPage): { text: string; styles: PageStyle[] } {
  const speak = speech(page)
  const { brand, content, language, problem } = page
  const styles = [answerStyle, brand.accent, reasonStyle(content, page.rule)]
  const body = html`
    <a class="skip" href="#main">${speak.say('skip')}</a>
    <main class="ask" id="main">
      ${headOf(page)}
      ${noticeOf(page, speak)}
      <form method="post" action="${page.action}" novalidate>
        ${scaleOf(page, speak)}
        ${content.reasons.map((set, at) => reasonsOf(set, at, page, speak))}
        ${content.questions.map((question) => questionOf(question, page, speak))}
        ${commentOf(page, speak)}
        ${page.hidden}
        <button class="button" data-tone="accent" data-size="large" data-wide>${speak.say(page.again ? 'save' : 'send')}</button>
      </form>
      ${footOf(page, speak)}
    </main>`
  const notSent = problem && problem.at !== 'questions' ? `${speak.say('not_sent')} · ` : ''
  const title = `${notSent}${speak.read(content.score.text)} · ${brand.name}`
  return { text: documentOf({ language, title, styles, body }), styles }
}

function noticeOf({ trial, note, problem }: AskPage, { say }: Speak): Html {
  // What is still open is no mistake: the answer is in.
  const tone = problem?.at === 'questions' ? 'accent' : 'bad'
  const toScore = problem?.at === 'score' ? html` <a href="#score-first">${say('choose_here')}</a>` : ''
  return html`
    ${trial ? html`<div class="banner" data-tone="warn"><p>${say('trial')}</p></div>` : ''}
    ${note ? html`<div class="banner" data-tone="accent"><p>${note}</p></div>` : ''}
    ${problem ? html`<div class="banner" data-tone="${tone}" role="alert"><p id="problem">${problem.text}${toScore}</p></div>` : ''}`
}

function scaleOf(page: AskPage, speak: Speak): Html {
  const { content, problem } = page
  const { look, scale, lowLabel, highLabel, text } = content.score
  const { say, read } = speak
  const values = valuesOf(content)
  const named = hasNamedFaces(content)
  const invalid = problem?.at === 'score' ? raw(' aria-invalid="true" aria-describedby="problem"') : ''
  const ends = html`
    <p class="scale-ends">
      <span id="low">${say('end', { value: scale.min, label: read(lowLabel) })}</span>
      <span id="high">${say('end', { value: scale.max, label: read(highLabel) })}</span>
    </p>`
  return html`
    <fieldset class="scale" role="radiogroup" aria-labelledby="question" aria-required="true"${invalid} data-kind="${look}" data-count="${values.length}">
      <legend><h1 id="question">${read(text)}</h1></legend>
      <div class="scale-values">${values.map((value) => valueOf(value, page, speak))}</div>
      ${named ? '' : ends}
    </fieldset>`
}

/** Three faces have names; more of them, and numbers, have a line that says what the ends mean. */
function hasNamedFaces({ score: { look, scale } }: SurveyContent): boolean {
  return look === 'faces' && scale.max - scale.min === 2
}

function valueOf(value: number, { content, filled, problem }: AskPage, speak: Speak): Html {
  const { look, scale } = content.score
  const first = value === scale.min
  const end = hasNamedFaces(content) ? undefined : first ? 'low' : value === scale.max ? 'high' : undefined
  const state = [
    first ? ' id="score-first"' : '',
    end ? ` aria-describedby="${end}"` : '',
    filled.score === value ? ' checked' : '',
    first && problem?.at === 'score' ? ' autofocus' : '',
  ].join('')
  return html`
    <label>
      ${look === 'faces' ? faceOf(value, content) : ''}
      <input type="radio" name="score" value="${value}"${raw(state)}>
      ${nameOf(value, content, speak)}
    </label>`
}

function nameOf(value: number, content: SurveyContent, { say, read }: Speak): Html {
  const { look, scale, lowLabel, highLabel } = content.score
  if (look === 'numbers') return html`${value}`
  if (!hasNamedFaces(content)) {
    const place = say('face', { value: value - scale.min + 1, count: scale.max - scale.min + 1 })
    return html`<span class="visually-hidden">${place}</span>`
  }
  return html`${value === scale.min ? read(lowLabel) : value === scale.max ? read(highLabel) : say('middle')}`
}

const mouths = [
  'M6.5 13.9c1-1.6 2.1-2.3 3.5-2.3s2.5.7 3.5 2.3',
  'M6.8 13.4c2-1 4.4-1 6.4 0',
  'M6.8 12.8h6.4',
  'M6.8 12.2c2 1 4.4 1 6.4 0',
  'M6.5 11.8c1 1.6 2.1 2.3 3.5 2.3s2.5-.7 3.5-2.3',
]

/** From the saddest at the hard end to the happiest at the easy one. */
function faceOf(value: number, { score: { scale } }: SurveyContent): Html {
  const share = (value - scale.min) / (scale.max - scale.min)
  const ease = scale.direction === 'high-is-easy' ? share : 1 - share
  const mouth = mouths[Math.round(ease * (mouths.length - 1))]!
  return html`
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <circle cx="10" cy="10" r="7.5"/>
      <path d="${mouth}M7.3 7.7v.6M12.7 7.7v.6"/>
    </svg>`
}

const check = html`
  <span class="chip-check">
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="m4.5 10.5 3.5 3.5 7.5-8"/></svg>
  </span>`

function reasonsOf(set: SurveyContent['reasons'][number], at: number, { filled }: AskPage, { say, read }: Speak): Html {
  const stateOf = (id: string) => (filled.reasons[at]?.includes(id) ? raw(' checked') : '')
  const chips = set.options.map(
    ({ id, label }) => html`
      <label class="chip"><input type="checkbox" name="reason-${at}" value="${id}"${stateOf(id)}>${check}${read(label)}</label>`,
  )
  return html`
    <fieldset data-reasons="${at}">
      <legend>${read(set.text)} <span class="optional">${say('choose_any')}</span></legend>
      <div class="chips">${chips}</div>
    </fieldset>`
}

/** Which set of reasons is seen, by what the chosen score counts as. Where `:has` is unknown, all of them are. */
function reasonStyle({ reasons, score: { scale } }: Pick<SurveyContent, 'reasons' | 'score'>, rule: Rule): PageStyle {
  const all = Array.from({ length: scale.max - scale.min + 1 }, (_, place) => scale.min + place)
  const rules = reasons.map((set, at) => {
    const values = all.filter((value) => set.when.includes(kindOfScore(value, rule)))
    const hidden = `[data-reasons="${at}"]{display:none}`
    if (values.length === 0) return hidden
    const chosen = values.map((value) => `[value="${value}"]`).join(',')
    return `form:not(:has([name="score"]:is(${chosen}):checked)) ${hidden}`
  })
  return styleOf(rules.join(''))
}

function questionOf(question: SurveyQuestion, page: AskPage, speak: Speak): Html {
  const ids = page.problem?.at === 'questions' ? page.problem.ids : []
  const attention = { open: ids.includes(question.id), first: ids[0] === question.id }
  return question.kind === 'text'
    ? textOf(question, page, speak, attention)
    : choiceOf(question, page, speak, attention)
}

/** Whether a question is still open after the answer was sent, and whether it is the first such. */
type Attention = { open: boolean; first: boolean }
type Kind<K extends SurveyQuestion['kind']> = Extract<SurveyQuestion, { kind: K }>

function textOf(question: Kind<'text'>, { filled }: AskPage, { say, read }: Speak, { open, first }: Attention): Html {
  const name = `q-${question.id}`
  const value = filled.answers[question.id] ?? ''
  const state = raw(`${open ? ' aria-invalid="true" aria-describedby="problem"' : ''}${first ? ' autofocus' : ''}`)
  const control = question.long
    ? html`<textarea class="input" id="${name}" name="${name}" rows="3" maxlength="5000"${state}>${value}</textarea>`
    : html`<input class="input" id="${name}" name="${name}" type="text" maxlength="5000" value="${value}"${state}>`
  return html`
    <div class="field">
      <label for="${name}">${read(question.text)} ${markOf(question.required, say)}</label>
      ${control}
    </div>`
}

function choiceOf(
  question: Kind<'choice'>,
  { filled }: AskPage,
  { say, read }: Speak,
  { open, first }: Attention,
): Html {
  const chosen = [filled.answers[question.id] ?? []].flat()
  const type = question.several ? 'checkbox' : 'radio'
  const several = question.several && !question.required
  const stateOf = (id: string, at: number) =>
    raw(`${chosen.includes(id) ? ' checked' : ''}${first && at === 0 ? ' autofocus' : ''}`)
  const choices = question.options.map(
    ({ id, label }, at) => html`
      <label class="choice">
        <input type="${type}" name="q-${question.id}" value="${id}"${stateOf(id, at)}>
        <span>${read(label)}</span>
      </label>`,
  )
  return html`
    <fieldset class="choices"${open ? raw(' data-open aria-describedby="problem"') : ''}>
      <legend>
        ${read(question.text)} ${several ? html`<span class="optional">${say('choose_any')}</span>` : markOf(question.required, say)}
      </legend>
      ${choices}
    </fieldset>`
}

function markOf(required: boolean, say: Speak['say']): Html {
  return html`<span class="optional">${say(required ? 'required' : 'optional')}</span>`
}

function commentOf({ content, filled }: AskPage, { say, read }: Speak): Html | '' {
  if (!content.comment) return ''
  return html`
    <div class="field">
      <label for="comment">${read(content.comment.text)} ${markOf(false, say)}</label>
      <textarea class="input" id="comment" name="comment" rows="3" maxlength="5000">${filled.comment}</textarea>
    </div>`
}

function footOf({ brand, identity, language, again, leave }: AskPage, { say }: Speak): Html {
  const sentences = [
    ...(again ? [] : [say('nothing_sent')]),
    say('goes_to', { company: brand.name }),
    ...(identity === 'anonymous' ? [say('no_name')] : []),
    ...(brand.keepMonths === null ? [] : [say('kept_months', { months: brand.keepMonths })]),
  ]
  return html`
    <footer class="ask-foot">
      <p>${sentences.join(' ')}</p>
      ${footLinks(language, leave)}
    </footer>`
}

/** What is kept, and how to be asked no more. @param leave for whoever was asked by mail */
export function footLinks(language: Language, leave: string | undefined): Html {
  const kept = html`<a href="/privacy?lang=${language}">${words(language, 'answering.what_is_kept')}</a>`
  if (leave === undefined) return html`<p>${kept}</p>`
  return html`<p>${kept} · <a href="${leave}?lang=${language}">${words(language, 'invitation.stop')}</a></p>`
}
