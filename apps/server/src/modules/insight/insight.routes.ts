import { Readable } from 'node:stream'
import { contract } from '@lahko/contract'
import type { FastifyRequest } from 'fastify'
import { resolveScope } from '#accounts'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { Problem } from '#platform/problem.ts'
import type { Actor, Scope, Tx } from '#platform/store.ts'
import { acceptChange, withdrawChange } from './accepting-changes.ts'
import { attributeValues } from './attribute-values.ts'
import { csvName, effortCsv } from './effort-csv.ts'
import { effortReport } from './effort-report.ts'
import { createLiveStreams, type LiveStreams } from './live-streams.ts'
import { askForDesignEffect } from '#surveys'
import { respondentsCsv } from './respondents.ts'
import { selfService, selfServiceArticles, selfServiceWays } from './self-service.ts'
import { whoAnswered } from './who-answered.ts'
import { countAll, findSubject, wantsDesignEffect, type Subject } from './measuring.ts'

const streams = new WeakMap<House, LiveStreams>()

/** The open screens of a house, one set for routes and shutdown alike. */
export function liveStreamsOf(house: House): LiveStreams {
  const known = streams.get(house) ?? createLiveStreams(house.live)
  streams.set(house, known)
  return known
}

export function insightRoutes(house: House): Route[] {
  const askOnce = createAskOnce()
  return [
    route(contract.insight.effort, async ({ read, write, query, language, request }) => {
      const { subject, report } = await read(async (db) => {
        const found = await findSubject(db, query)
        return { subject: found, report: effortReport(found, await countAll(db, found), language) }
      })
      if (wantsDesignEffect(subject)) {
        // What can be read is shown, also where nothing can be written.
        await askOnce(subject, write).catch((err: unknown) =>
          request.log.warn({ err }, 'no design effect was asked for'),
        )
      }
      return report
    }),
    route(contract.insight.whoAnswered, ({ read, query, language }) =>
      read(async (db) => whoAnswered(db, await findSubject(db, { ...query, filter: [] }), language)),
    ),
    route(contract.insight.whoAnsweredCsv, async ({ read, query, reply }) => {
      const file = await read(async (db) => {
        const subject = await findSubject(db, { ...query, filter: [] })
        return {
          name: csvName(subject, `who-answered-${query.by}`),
          lines: await respondentsCsv(db, subject, query.by),
        }
      })
      reply.header('content-disposition', `attachment; filename="${file.name}"`)
      return reply.type('text/csv; charset=utf-8').send(file.lines)
    }),
    route(contract.insight.acceptChange, ({ params, query, write }) =>
      write(async (tx) =>
        acceptChange(tx, await findSubject(tx, { ...query, ...nowAndAll, survey: params.id }), params.on),
      ),
    ),
    route(contract.insight.withdrawChange, ({ params, query, write }) =>
      write(async (tx) =>
        withdrawChange(tx, await findSubject(tx, { ...query, ...nowAndAll, survey: params.id }), params.on),
      ),
    ),
    route(contract.insight.attributeValues, ({ read, query }) =>
      read(async (db) => ({ items: await attributeValues(db, query) })),
    ),
    route(contract.insight.effortCsv, async ({ read, query, reply }) => {
      const file = await read(async (db) => {
        const subject = await findSubject(db, query)
        return { name: csvName(subject, query.part), lines: await effortCsv(db, subject, query.part) }
      })
      reply.header('content-disposition', `attachment; filename="${file.name}"`)
      return reply.type('text/csv; charset=utf-8').send(Readable.from(file.lines))
    }),
    route(contract.insight.selfService, ({ read, query }) => read((db) => selfService(db, query))),
    route(contract.insight.selfServiceArticles, ({ read, query, language }) =>
      read((db) => selfServiceArticles(db, { ...query, language })),
    ),
    route(contract.insight.selfServiceWays, ({ read, query, language }) =>
      read((db) => selfServiceWays(db, { ...query, language })),
    ),
    route(contract.insight.live, async ({ scope, request, query, reply }) => {
      const allowed = () => mayStillListen(house, request, scope)
      const listener = { workspaceId: scope.workspaceId, actor: nameOf(scope.actor), allowed }
      const stream = liveStreamsOf(house).open(listener, query.missedMs)
      if (!stream) throw new Problem('rate_limited', 'insight.too_many_streams')
      return reply.header('x-accel-buffering', 'no').type('text/event-stream; charset=utf-8').send(stream)
    }),
  ]
}

const nowAndAll = { period: 'day', filter: [] } as const

/** The first look of a day asks for the design effect; those that follow before it is measured cost nothing. */
function createAskOnce() {
  const asked = new Set<string>()
  return async ({ survey: { id }, wording: { wording }, today }: Subject, write: Write): Promise<void> => {
    const name = `${id} ${wording} ${today}`
    if (asked.has(name)) return
    await write((tx) => askForDesignEffect(tx, { id, wording }))
    if (asked.size >= mostAsked) asked.clear()
    asked.add(name)
  }
}

type Write = (work: (tx: Tx) => Promise<void>) => Promise<void>
const mostAsked = 10_000

/** A key that was taken back refuses to be resolved; a database that is away decides nothing. */
async function mayStillListen(house: House, request: FastifyRequest, { workspaceId, actor }: Scope): Promise<boolean> {
  try {
    const { scope } = await resolveScope(house, request)
    return (
      scope.workspaceId === workspaceId &&
      nameOf(scope.actor) === nameOf(actor) &&
      scope.actor.permissions.has('workspace.read')
    )
  } catch (error) {
    return !(error instanceof Problem)
  }
}

function nameOf(actor: Actor): string {
  if (actor.kind === 'member') return actor.sessionId
  return actor.kind === 'key' ? actor.keyId : ''
}
