import { Readable } from 'node:stream'
import { z } from 'zod'
import { surveys as contract } from '@lahko/contract/surveys'
import type { House } from '#platform/house.ts'
import { route, type Call, type Route } from '#platform/http.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import type { Entry } from '@lahko/contract/entry'
import { addImport, checkImport, getTarget } from './adding-imports.ts'
import { getSurvey } from './building.queries.ts'
import { hasFile, mostBytes, tooLarge } from '#platform/uploads.ts'
import { startImport, startUndo } from './importing.ts'
import { getImport, listImports } from './imports.queries.ts'
import { viewImport } from './imports.view.ts'

/** A file of this many bytes is read while whoever asks waits: a second at most. */
const mostAtOnce = 4 * 2 ** 20

/** Old answers by file. */
export function importRoutes(house: House): Route[] {
  const show = ({ params, language, read }: Pick<Call<Entry>, 'language' | 'read'> & { params: Ids }) =>
    read(async (db) => viewImport(await getImport(db, params.id, params.importId), language))

  /** Runs a verb on an import of this survey, and shows it as it is now. */
  const change = async (call: Pick<Call<Entry>, 'language' | 'read' | 'write'> & { params: Ids }, verb: Verb) => {
    await call.write(async (tx) => {
      await getImport(tx, call.params.id, call.params.importId)
      await verb(tx, call.params.importId)
    })
    return show(call)
  }

  return [
    route(contract.upload, async ({ params, query, body, scope, language, request, read }) => {
      if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge()
      const survey = await getTarget(house, scope, params.id)
      // A request without a body has no stream.
      const file = (body as unknown as Readable | undefined) ?? Readable.from([])
      const { id } = await addImport(house, scope, survey, query.name, file)
      return show({ params: { id: survey.id, importId: id }, language, read })
    }),
    route(contract.listImports, ({ params, query, language, read }) =>
      read(async (db) => {
        await getSurvey(db, params.id)
        if (!z.uuid().optional().safeParse(query.after).success) throw invalidField('/query/after', 'surveys.bad_page')
        const rows = await listImports(db, params.id, { ...query, limit: query.limit + 1 })
        const shown = rows.slice(0, query.limit)
        return {
          items: shown.map((row) => viewImport(row, language)),
          next: rows.length > shown.length ? shown.at(-1)!.id : null,
        }
      }),
    ),
    route(contract.getImport, (call) => show(call)),
    route(contract.checkImport, async (call) => {
      const { scope, params, body } = call
      await checkImport(house, scope, { surveyId: params.id, importId: params.importId }, body, { mostAtOnce })
      return show(call)
    }),
    route(contract.runImport, (call) =>
      change(call, async (tx, importId) => {
        const started = await startImport(tx, importId)
        if (started && !hasFile({ ...house, ...call.scope }, importId)) throw new Problem('gone', 'uploads.file_gone')
      }),
    ),
    route(contract.undoImport, (call) => change(call, startUndo)),
  ]
}

type Ids = { id: string; importId: string }
type Verb = (tx: Tx, importId: string) => Promise<void>
