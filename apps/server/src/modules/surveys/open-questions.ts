import type { SurveyContent } from '@lahko/contract/surveys'
import type { Db } from '#platform/store.ts'
import { listOpenSurveys } from './building.queries.ts'
import { localDateOf } from '#platform/local-date.ts'

/** A survey that anybody may answer now, and where. */
export type OpenQuestion = { address: string; content: SurveyContent }

const mostShown = 20

/** What is asked now by a public link, newest first, at most 20. */
export async function listOpenQuestions(db: Db, timeZone: string): Promise<OpenQuestion[]> {
  const surveys = await listOpenSurveys(db, localDateOf(db.now, timeZone), mostShown)
  return surveys.map(({ key, content }) => ({ address: `/s/${key}`, content }))
}
