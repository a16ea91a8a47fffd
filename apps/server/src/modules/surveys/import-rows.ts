import { hash } from 'node:crypto'
import { responseInput, type ImportMapping, type ResponseInput, type SurveyContent } from '@lahko/contract/surveys'
import { createMomentReader, readWhole, type TableRow } from '@lahko/tables'
import { cleanCell, rowProblem, type RefusedRow, type Said } from '#platform/uploads.ts'
import type { Language } from '@lahko/contract/values'
import type { z } from 'zod'

export type ReadRow =
  | { kind: 'answer'; line: number; input: ResponseInput; key: string; valueOf: (field: string) => string }
  | { kind: 'unanswered' }
  | ({ kind: 'refused' } & RefusedRow)

export type Reading = {
  mapping: ImportMapping
  surveyId: string
  /** An anonymous survey keeps no customers. */
  identity: 'identified' | 'anonymous'
  /** The workspace's: days are its days. */
  timeZone: string
  /** SHA-256 of the file. */
  hash: string
  content: SurveyContent
  /** When rows without a date were answered. */
  undatedAt: Date
}

const longestValue = 200

/**
 * Reads rows of a file as answers. Pure: the same row of the same file gives the same answer with the same key, so
 * that a second reading adds nothing.
 */
export function createRowReader(reading: Reading): (row: TableRow) => ReadRow {
  const { mapping, surveyId, timeZone } = reading
  const keyOfLine = createLineKeys(reading)
  const readMoment = createMomentReader(mapping.timeZone ?? timeZone, timeZone)
  const attributes = Object.entries(mapping.attributes)
  const undatedAt = reading.undatedAt.toISOString()
  const { min, max } = reading.content.score.scale

  return ({ line, record, problem }) => {
    const cell = (column: string | undefined) => (column === undefined ? '' : cleanCell(record[column] ?? ''))
    const refuse = (code: string, value: string, args?: Said['args']): ReadRow => ({
      kind: 'refused',
      line,
      value: shown(value),
      code: `importing.${code}`,
      args,
    })
    if (problem) return { kind: 'refused', line, value: '', code: rowProblem(problem) }
    const given = cell(mapping.score)
    if (given === '') return { kind: 'unanswered' }
    const score = readWhole(given)
    if (typeof score === 'string') return refuse(score === 'not-whole' ? 'not_whole' : 'not_a_number', given)
    if (score < min || score > max) {
      return { kind: 'refused', line, value: shown(given), code: 'surveys.score_outside_scale', args: { min, max } }
    }
    const date = cell(mapping.answeredAt)
    const moment = mapping.answeredAt === undefined ? undefined : readMoment(date)
    if (moment === null) return refuse(date === '' ? 'no_date' : 'bad_date', date)
    const { language, otherLanguage } = languageOf(cell(mapping.language))
    const said: Record<string, string> = otherLanguage === undefined ? {} : { language: otherLanguage }
    for (const [name, column] of attributes) {
      const value = cell(column)
      if (value !== '') said[name] = value
    }
    const input: ResponseInput = {
      survey: surveyId,
      score,
      externalId: cell(mapping.externalId) || undefined,
      answeredAt: moment ? new Date(moment.ms).toISOString() : undatedAt,
      language,
      comment: cell(mapping.comment) || undefined,
      attributes: said,
      customer: reading.identity === 'identified' ? customerOf(mapping, cell) : undefined,
    }
    const parsed = isPlain(input) ? { success: true as const, data: input } : responseInput.safeParse(input)
    const valueOf = (field: string) => shown(cell(columnOf(mapping, field.split('/').slice(1))))
    if (!parsed.success) return { kind: 'refused', line, ...misfit(parsed.error.issues[0]!, mapping, cell) }
    return { kind: 'answer', line, input: parsed.data, key: keyOfLine(line), valueOf }
  }
}

/**
 * Whether the contract takes this for certain: texts are clean by now, and these are shorter than any limit of theirs.
 * Only the rest is worth what a full look costs, several times as much as all else that is done with a row.
 */
function isPlain({ customer, externalId = '', comment = '', attributes = {} }: ResponseInput): boolean {
  if (customer !== undefined || externalId.length > 100 || comment.length > 1_000) return false
  for (const name in attributes) if (attributes[name]!.length > 100) return false
  return true
}

/** Answers without an id are named by file and line. The line comes last: an index takes neighbours in its stride. */
function createLineKeys({ surveyId, hash: file }: Reading): (line: number) => string {
  const hex = hash('sha256', `import\n${surveyId}\n${file}`, 'hex')
  const prefix = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}`
  return (line) => `${prefix}-${line.toString(16).padStart(12, '0')}`
}

type CellOf = (column: string | undefined) => string

/** A name alone is nobody. */
function customerOf(mapping: ImportMapping, cell: CellOf): ResponseInput['customer'] {
  const externalId = cell(mapping.customerExternalId) || undefined
  const email = cell(mapping.customerEmail) || undefined
  if (externalId === undefined && email === undefined) return undefined
  return { externalId, email, name: cell(mapping.customerName) || undefined }
}

/** `nb-NO` and `no` are Bokmål; a language that the product does not speak stays known as an attribute. */
function languageOf(given: string): { language?: Language; otherLanguage?: string } {
  if (given === '') return {}
  const [tag = ''] = given.toLowerCase().split(/[-_]/)
  const known = languageCodes[tag]
  return known ? { language: known } : { otherLanguage: given }
}

const languageCodes: Readonly<Record<string, Language>> = Object.assign(Object.create(null), {
  ...{ en: 'en', eng: 'en', english: 'en', anglescina: 'en', angleščina: 'en', engelsk: 'en' },
  ...{ sl: 'sl', slv: 'sl', slovenian: 'sl', slovene: 'sl', slovenščina: 'sl', slovenscina: 'sl', slovensk: 'sl' },
  ...{
    nb: 'nb',
    no: 'nb',
    nn: 'nb',
    nor: 'nb',
    nob: 'nb',
    norwegian: 'nb',
    norveščina: 'nb',
    norsk: 'nb',
    bokmål: 'nb',
  },
})

/** What the contract does not take, said about the column that it came from. */
function misfit(issue: z.core.$ZodIssue, mapping: ImportMapping, cell: CellOf): Omit<RefusedRow, 'line'> {
  const column = columnOf(mapping, issue.path) ?? mapping.score
  const value = shown(cell(column))
  if (issue.path[1] === 'email') return { value, code: 'importing.bad_email', args: { column } }
  if (issue.code === 'too_big') {
    return { value, code: 'importing.too_long', args: { column, most: Number(issue.maximum) } }
  }
  return { value, code: 'importing.bad_value', args: { column } }
}

function columnOf(mapping: ImportMapping, [field, inner]: readonly PropertyKey[]): string | undefined {
  if (field === 'attributes') return mapping.attributes[String(inner)] ?? mapping.language
  if (field !== 'customer') return mapping[String(field) as 'score']
  if (inner === 'email') return mapping.customerEmail
  return inner === 'name' ? mapping.customerName : mapping.customerExternalId
}

function shown(value: string): string {
  return value.slice(0, longestValue).toWellFormed()
}
