import type { SurveyContent } from '@lahko/contract/surveys'
import type { Language } from '@lahko/contract/values'
import { html, raw, type Html } from '#platform/html.ts'
import { words } from '#platform/words.ts'
import { inLanguage } from './content.ts'

type MailProgram = 'plain' | 'zendesk' | 'freshdesk' | 'zammad' | 'helpscout' | 'outlook'

/** A hidden field of the link, and what the program writes in its place. Only fields that hold no space or `&`. */
type MergeField = { name: string; field: string; meaning: 'ticket' | 'customer' }

const mergeFields: Readonly<Record<MailProgram, readonly MergeField[]>> = {
  plain: [],
  zendesk: [
    { name: 'externalId', field: '{{ticket.id}}', meaning: 'ticket' },
    { name: 'customer', field: '{{ticket.requester.id}}', meaning: 'customer' },
  ],
  freshdesk: [{ name: 'externalId', field: '{{ticket.id}}', meaning: 'ticket' }],
  zammad: [
    { name: 'externalId', field: '#{ticket.number}', meaning: 'ticket' },
    { name: 'customer', field: '#{ticket.customer.id}', meaning: 'customer' },
  ],
  helpscout: [{ name: 'externalId', field: '{%conversation.number%}', meaning: 'ticket' }],
  outlook: [],
}

export type Snippet = { html: string; text: string; mergeFields: { field: string; meaning: string }[] }

/**
 * The scale as links, for a mail that another program sends. Tables and inline styles, because mail programs drop
 * the rest; no picture and no colour that would suggest an answer. A link chooses a value and sends nothing.
 * @param address of the survey; @param wording of the scale that the mail shows; @param identified whether an answer may say whose it is and what it is about
 */
export function snippetOf(survey: {
  content: SurveyContent
  wording: number
  address: string
  company: string
  identified: boolean
  language: Language
  program: MailProgram
}): Snippet {
  const { content, language, program, company } = survey
  const fields = survey.identified ? mergeFields[program] : []
  const query = [
    `wording=${survey.wording}`,
    `lang=${language}`,
    'channel=email',
    ...(fields.length > 0 ? ['kind=ticket'] : []),
  ]
  const linkTo = (value: number) =>
    `${survey.address}?${[`score=${value}`, ...query, ...fields.map(({ name, field }) => `${name}=${field}`)].join('&')}`
  const question = inLanguage(content.score.text, language, content, company)
  const ends = endsOf(content, language, company)
  const hint = words(language, 'answering.tap_a_number')
  const values = valuesOf(content).map((value) => ({
    label: labelOf(value, content, language, company),
    link: linkTo(value),
  }))
  return {
    html: String(mailOf({ question, ends, hint, values, language })),
    text: [question, '', ...values.map(({ label, link }) => `${label}  ${link}`), '', ends, hint].join('\n'),
    mergeFields: fields.map(({ field, meaning }) => ({ field, meaning: words(language, `building.merge_${meaning}`) })),
  }
}

/** Every value of a scale, from its min to its max. */
export function valuesOf({ score: { scale } }: SurveyContent): number[] {
  return Array.from({ length: scale.max - scale.min + 1 }, (_, place) => scale.min + place)
}

/** What a value is called: faces have no place in a mail, so three of them become words. */
export function labelOf(value: number, content: SurveyContent, language: Language, company: string): string {
  const { look, scale, lowLabel, highLabel } = content.score
  if (look !== 'faces' || scale.max - scale.min !== 2) return String(value)
  if (value === scale.min) return inLanguage(lowLabel, language, content, company)
  return value === scale.max ? inLanguage(highLabel, language, content, company) : words(language, 'answering.middle')
}

function endsOf(content: SurveyContent, language: Language, company: string): string {
  const { scale, lowLabel, highLabel } = content.score
  return words(language, 'answering.both_ends', {
    min: scale.min,
    low: inLanguage(lowLabel, language, content, company),
    max: scale.max,
    high: inLanguage(highLabel, language, content, company),
  })
}

type Value = { label: string; link: string }
type Mail = { question: string; ends: string; hint: string; values: Value[]; language: Language }

const font = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"

function mailOf({ question, ends, hint, values, language }: Mail): Html {
  const half = values.length > 7 ? Math.ceil(values.length / 2) : values.length
  const rows = [values.slice(0, half), values.slice(half)].filter((row) => row.length > 0)
  const strong = raw(`${font};font-size:20px;line-height:28px;font-weight:600;color:#1a1917;padding:16px 0 8px`)
  const quiet = raw(`${font};font-size:14px;line-height:22px;color:#63615c;padding:4px 0`)
  return html`
    <table role="presentation" lang="${language}" cellpadding="0" cellspacing="0" border="0" width="100%" style="max-width:600px">
      <tr><td style="${strong}">${question}</td></tr>
      <tr><td>${rows.map(rowOf)}</td></tr>
      <tr><td style="${quiet}">${ends}</td></tr>
      <tr><td style="${quiet}">${hint}</td></tr>
    </table>`
}

function rowOf(row: readonly Value[]): Html {
  return html`
    <table role="presentation" align="left" cellpadding="0" cellspacing="6" border="0">
      <tr>${row.map(cellOf)}</tr>
    </table>`
}

function cellOf({ label, link }: Value): Html {
  const cell = raw('min-width:44px;height:44px;border:1px solid #7f7d77;border-radius:7px')
  const padding = label.length > 2 ? 12 : 0
  const text = `${font};font-size:16px;font-weight:500;line-height:44px;color:#1a1917;text-decoration:none`
  const anchor = raw(`display:block;min-width:44px;padding:0 ${padding}px;${text}`)
  return html`<td${padding > 0 ? '' : raw(' width="44"')} height="44" align="center" style="${cell}"><a href="${link}" style="${anchor}">${label}</a></td>`
}
