import { Readable } from 'node:stream'
import { responseInput, surveys as contract, type IngestResult } from '@lahko/contract/surveys'
import type { Language } from '@lahko/contract/values'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import { fieldErrorsOf } from '#platform/problems.ts'
import type { Scope } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import type { Refusal } from './accepting.ts'
import { createIngest, type Answer, type Ingest } from './ingest.ts'
import { countAgain, leaveOut } from './leaving-out.ts'
import { filterOf, getListedSurvey, listComments, listResponses, readOne } from './listing.ts'
import { responsesCsv } from './responses-csv.ts'

/** Answers from other programs, and what members do with answers. */
export function responsesRoutes(house: House): Route[] {
  const ingest = createIngest(house)
  return [
    route(contract.ingest, async ({ body, scope, request, language }) => {
      const retryKey = retryKeyOf(request.headers['idempotency-key'])
      if ('responses' in body) {
        return { results: await takeAll(ingest, scope, language, body.responses, retryKey) }
      }
      const result = await ingest.submit(answerOf(scope, body, 0, retryKey))
      if (result.status === 'refused') throw problemOf(result)
      return { results: [{ index: 0, status: result.status, id: result.id }] }
    }),
    route(contract.responses, ({ read, params, query, language }) =>
      read((db) => listResponses(db, params.id, query, language)),
    ),
    route(contract.response, ({ read, params, language }) => read((db) => readOne(db, params.id, language))),
    route(contract.comments, ({ read, params, query }) => read((db) => listComments(db, params.id, query))),
    route(contract.responsesCsv, async ({ read, params, query, scope, language, reply }) => {
      const survey = await read((db) => getListedSurvey(db, params.id, query.wording))
      filterOf(survey, query)
      const lines = responsesCsv(house.store, scope, survey, query, language)
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${survey.key}-answers.csv"`)
        .send(Readable.from(lines))
    }),
    route(contract.exclude, async ({ write, params, body }) => {
      await write((tx) => leaveOut(tx, params.id, body.reason))
      return undefined
    }),
    route(contract.include, async ({ write, params }) => {
      await write((tx) => countAgain(tx, params.id))
      return undefined
    }),
  ]
}

async function takeAll(
  ingest: Ingest,
  scope: Scope,
  language: Language,
  given: readonly unknown[],
  retryKey: string | undefined,
): Promise<IngestResult[]> {
  const parsed = given.map((one) => responseInput.safeParse(one))
  const answers = parsed.flatMap(({ data }, index) => (data ? [answerOf(scope, data, index, retryKey)] : []))
  const results = (await ingest.submitAll(answers)).values()
  return parsed.map(({ error }, index) => {
    const unfit = error && fieldErrorsOf(error.issues, '', language)[0]
    if (unfit) return { index, status: 'refused', ...unfit }
    const result = results.next().value!
    if (result.status !== 'refused') return { index, status: result.status, id: result.id }
    const { code, field, args } = result
    return { index, status: 'refused', code, field, message: words(language, code.replace('.', '.problem.'), args) }
  })
}

function answerOf(scope: Scope, input: Answer['input'], index: number, key: string | undefined): Answer {
  const retryKey = key === undefined ? undefined : `${key}\n${index}`
  return { ...scope, source: 'api', input, retryKey, refuseOtherContent: key !== undefined }
}

function problemOf({ kind, code, field, args }: Refusal): Problem {
  return new Problem(kind, code, args, [{ field: `/body${field}`, code, args }])
}

function retryKeyOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  if (typeof header === 'string' && /^[\x21-\x7e]{1,200}$/.test(header)) return header
  throw invalidField('/headers/idempotency-key', 'surveys.bad_idempotency_key')
}
