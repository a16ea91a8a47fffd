import { csvLine, type CsvCell } from '#platform/csv.ts'
import type { Language } from '@lahko/contract/values'
import type { Response } from '@lahko/contract'
import type { Scope, Store } from '#platform/store.ts'
import { filterOf, getListedSurvey, viewAll, type ListQuery } from './listing.ts'
import { listNewest, type ListedSurvey, type PageEnd } from './listing.queries.ts'

const linesAPage = 1_000

const fixed = ['id', 'answered_at', 'score', 'language', 'source', 'version', 'reasons', 'comment']
const known = ['customer_id', 'customer_name', 'customer_email', 'touchpoint_id', 'touchpoint_kind']

/**
 * All answers that fit as CSV, newest first, a page at a time: whatever their number, one page is in memory and no
 * transaction stays open while somebody reads slowly. Questions are columns by their id; attributes that are not
 * declared share the last column as JSON.
 */
export async function* responsesCsv(
  store: Store,
  scope: Scope,
  survey: ListedSurvey,
  query: ListQuery,
  language: Language,
): AsyncGenerator<string> {
  const filter = filterOf(survey, query)
  const questions = survey.content?.questions ?? []
  yield csvLine([
    ...fixed,
    ...questions.map(({ id }) => `answer_${id}`),
    ...attributeColumns(survey),
    'other_attributes',
    ...known,
  ])
  let after: PageEnd | undefined
  do {
    const page: Response[] = await store.read(scope, async (db) => {
      const rows = await listNewest(db, await getListedSurvey(db, survey.id), filter, { after, limit: linesAPage })
      return viewAll(db, survey, rows, language)
    })
    yield page
      .map((response) =>
        csvLine(
          cellsOf(
            survey,
            questions.map(({ id }) => id),
            response,
          ),
        ),
      )
      .join('')
    const last = page.length === linesAPage ? page.at(-1) : undefined
    after = last && { score: last.score, at: last.answeredAt, id: last.id }
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
    response.score,
    response.language,
    response.source,
    response.version,
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
