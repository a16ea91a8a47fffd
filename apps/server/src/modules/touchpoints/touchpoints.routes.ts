import {
  touchpointReport,
  touchpoints as contract,
  type ReportResult,
  type TouchpointReport,
} from '@lahko/contract/touchpoints'
import type { Language } from '@lahko/contract/values'
import { route, type Route } from '#platform/http.ts'
import type { Module } from '#platform/module.ts'
import { fieldErrorsOf } from '#platform/problems.ts'
import type { Tx } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { changeTouchpoint, problemOf } from './changing.ts'
import { listKinds } from './listing.queries.ts'
import { listTouchpoints, viewTold, viewTouchpointWithAnswers } from './listing.ts'
import { reportTouchpoints, type ReportOutcome } from './reporting.ts'
import { tryAgain } from './trying-again.ts'

type Write = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>

const mostKinds = 200

/** Touchpoints from other programs, and what members read of them. */
export function touchpointRoutes(modules: readonly Module[]): Route[] {
  return [
    route(contract.report, async ({ body, write, language }) => {
      if ('touchpoints' in body) return { results: await reportAll(write, modules, body.touchpoints, language) }
      const [outcome] = await report(write, modules, [body])
      if (outcome!.status === 'refused') throw problemOf(outcome!)
      return { results: [{ index: 0, ...outcome! }] }
    }),
    route(contract.list, ({ query, read }) => read((db) => listTouchpoints(db, query))),
    route(contract.kinds, ({ read }) => read((db) => listKinds(db, mostKinds))),
    route(contract.values, ({ read }) => read(viewTold)),
    route(contract.get, ({ params, read }) => read((db) => viewTouchpointWithAnswers(db, modules, params.id))),
    route(contract.change, ({ params, body, write }) =>
      write(async (tx) => {
        await changeTouchpoint(tx, modules, params.id, body)
        return viewTouchpointWithAnswers(tx, modules, params.id)
      }),
    ),
  ]
}

async function reportAll(
  write: Write,
  modules: readonly Module[],
  given: readonly unknown[],
  language: Language,
): Promise<ReportResult[]> {
  const parsed = given.map((one) => touchpointReport.safeParse(one))
  const outcomes = (
    await report(
      write,
      modules,
      parsed.flatMap(({ data }) => data ?? []),
    )
  ).values()
  return parsed.map(({ error }, index) => {
    const unfit = error && fieldErrorsOf(error.issues, '', language)[0]
    if (unfit) return { index, status: 'refused', ...unfit }
    const outcome = outcomes.next().value!
    if (outcome.status !== 'refused') return { index, ...outcome }
    const { code, field } = outcome
    return { index, status: 'refused', code, field, message: words(language, code.replace('.', '.problem.')) }
  })
}

function report(
  write: Write,
  modules: readonly Module[],
  given: readonly TouchpointReport[],
): Promise<ReportOutcome[]> {
  return tryAgain(() => write((tx) => reportTouchpoints(tx, given, { modules })))
}
