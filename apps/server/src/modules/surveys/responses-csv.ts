import { csvLine, type CsvCell } from '#platform/csv.ts'
import type { Language } from '@lahko/contract/values'
import type { Response } from '@lahko/contract'
import type { Scope, Store } from '#platform/store.ts'
import { filterOf, getListedSurvey, viewAll, type ListQuery } from './listing.ts'
import { listNewest, listQuestionIds, type ListedSurvey, type PageEnd } from './listing.queries.ts'

const linesAPage = 1_000

const fixed = [
  'id',
  'answered_at',
  'local_date',
  'score',
  'wording',
  'version',
  'language',
  'source',
  'reasons',
  'comment',
]
const known = ['customer_id', 'customer_name', 'customer_email', 'touchpoint_id', 'touchpoint_kind']

/**
 * All answers that fit as CSV, newest first, a page at a time: whatever their number, one page is in memory and no
 * transaction stays open while somebody reads slowly. Questions of all versions are columns by their id; attributes that
 * are not declared share one column as JSON.
 */
export async function* responsesCsv(
  store: Store,
  scope: Scope,
  survey: ListedSurvey,
  query: ListQuery,
  language: Language,
): AsyncGenerator<string> {
  const filter = filterOf(survey, query)
  const questions = await store.read(scope, (db) => listQuestionIds(db, survey.id))
  yield csvLine([
    ...fixed,
    ...questions.map((id) => `answer_${id}`),
    ...attributeColumns(survey),
    'other_attributes',
    ...known,
  ])
  let after: PageEnd | undefined
  do {
    const page = await store.readPatiently(scope, async (db) => {
      // What is declared, and so which segments fit, may change while somebody reads.
      const present = await getListedSurvey(db, survey.id, query.wording)
      const rows = await listNewest(db, present, filter, { after, limit: linesAPage })
      return { rows, responses: await viewAll(db, survey, rows, language) }
    })
    yield page.responses.map((response) => csvLine(cellsOf(survey, questions, response))).join('')
    const last = page.rows.length === linesAPage ? page.rows.at(-1) : undefined
    after = last && { score: last.score, at: last.answered_at.toISOString(), id: last.id }
  } while (after)
}

/** The language has a column of its own already. */
function attributeColumns({ declared }: ListedSurvey): string[] {
  return declared.filter((name) => name !== 'language')
}

function cellsOf(survey: ListedSurvey, questions: readonly string[], response: Response): CsvCell[] {
  const { attributes, customer, touchpoint } = response
  const columns = attributeColumns(survey)
  const others = Object.entries(attributes).filter(([name]) => !columns.includes(name))
  return [
    response.id,
    response.answeredAt,
    response.answeredOn,
    response.score,
    response.wording,
    response.version,
    response.language,
    response.source,
    response.reasons.map(({ label }) => label).join(' | '),
    response.comment,
    ...questions.map((id) => response.answers.find((answer) => answer.id === id)?.value ?? null),
    ...columns.map((name) => attributes[name] ?? null),
    others.length > 0 ? JSON.stringify(Object.fromEntries(others)) : null,
    customer?.externalId ?? customer?.id ?? null,
    customer?.name ?? null,
    customer?.email ?? null,
    touchpoint?.externalId ?? touchpoint?.id ?? null,
    touchpoint?.kind ?? null,
  ]
}
