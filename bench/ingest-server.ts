import { resolveTxt } from 'node:dns/promises'
import fastify, { type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from '@fastify/type-provider-zod'
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import pg from 'pg'
import { pino } from 'pino'
import { surveys, type ResponseInput } from '@lahko/contract/surveys'
import { buildApp, tasksOf } from '../apps/server/src/app.ts'
import { readConfig } from '../apps/server/src/config.ts'
import { systemClock } from '../apps/server/src/platform/clock.ts'
import type { House } from '../apps/server/src/platform/house.ts'
import { uuidv7 } from '../apps/server/src/platform/identifiers.ts'
import { internet } from '../apps/server/src/platform/internet.ts'
import { openJobs } from '../apps/server/src/platform/jobs.ts'
import { openLive } from '../apps/server/src/platform/live.ts'
import { openStore } from '../apps/server/src/platform/store.ts'
import { combinations } from './ingest-load.ts'

/** What a server of this bench is started with, as JSON in its first argument. */
export type ServerOrder = {
  kind: 'ours' | 'plain' | 'empty'
  app: pg.ClientConfig
  owner: pg.ClientConfig
  /** By API key: where its answers go. The plain server knows everything beforehand. */
  targets: Record<string, { workspaceId: string; surveyId: string }>
}

const path = '/api/v1/responses'
const segments = new Map(
  combinations().map(({ channel, topic, team }, index) => [`${channel} ${topic} ${team}`, index + 1]),
)

async function ours({ app, owner }: ServerOrder): Promise<FastifyInstance> {
  const log = pino({ level: 'warn' }, pino.destination(2))
  const store = openStore(app, systemClock, (error) => log.warn(error))
  const house: House = {
    config: readConfig({}),
    store,
    live: openLive(app, log),
    clock: systemClock,
    healthy: () => true,
    resolveTxt,
    internet,
    folder: tmpdir(),
    log,
  }
  await openJobs(owner, store, tasksOf(house), log).start()
  return buildApp(house)
}

/** Parses and validates the same body, and keeps nothing. */
function empty(): FastifyInstance {
  const app = bare()
  app.post(path, { schema: schema() }, async () => ({ results: [{ index: 0, status: 'accepted', id: randomUUID() }] }))
  return app
}

/** The same rows as ours, one transaction an answer, prepared statements on a pool of the same size. */
function plain({ app: connection, targets }: ServerOrder): FastifyInstance {
  const app = bare()
  const settings = { max: 12, pipeline: true, ...connection }
  const pool = new pg.Pool(settings)
  app.post(path, { schema: schema() }, async (request) => {
    const target = targets[(request.headers.authorization ?? '').slice(7)]!
    const id = uuidv7()
    const client = await pool.connect()
    try {
      await keep(client, id, target, request.body as ResponseInput)
    } finally {
      client.release()
    }
    return { results: [{ index: 0, status: 'accepted', id }] }
  })
  return app
}

async function keep(client: pg.PoolClient, id: string, target: ServerOrder['targets'][string], input: ResponseInput) {
  const { workspaceId, surveyId } = target
  const { channel = '', topic = '', team = '' } = input.attributes ?? {}
  const segment = segments.get(`${channel} ${topic} ${team}`)!
  const now = new Date()
  const today = now.toISOString().slice(0, 10)
  await client.query(`begin; set local app.workspace = '${workspaceId}'`)
  await client.query({
    name: 'response and event',
    text: `with response as (
        insert into responses (workspace_id, id, survey_id, version, wording, score, local_date, segment, answered_at,
          received_at, language, source, reasons, comment, attributes, dedupe, fingerprint, external_id)
        values ($1, $2, $3, 1, 1, $4, $5, $6, $7, $7, $8, 'api', $9, $10, $11, $12, 0, $13)
      )
      insert into events (workspace_id, id, type, subject_id, actor_kind, actor_id, data, at)
      values ($1, $2, 'response.received', $2, 'key', null, $14, $7)`,
    values: [
      workspaceId,
      id,
      surveyId,
      input.score,
      today,
      segment,
      now,
      input.language,
      input.reasons ?? [],
      input.comment,
      JSON.stringify(input.attributes ?? {}),
      randomUUID(),
      input.externalId,
      JSON.stringify({ surveyId }),
    ],
  })
  const column = `c${input.score}`
  const cells = client.query({
    name: `cells ${column}`,
    text: `insert into cells as cell (workspace_id, survey_id, wording, grain, segment, starts_on, ${column})
      select $1, $2, 1, g.grain, s.segment, g.starts_on, 1
      from (values ($3::integer), (0)) s(segment), (values ('d'::"char", $4::date),
        ('w'::"char", date_trunc('week', $4::timestamp)::date), ('m'::"char", date_trunc('month', $4::timestamp)::date)
      ) g(grain, starts_on) order by s.segment desc, g.grain
      on conflict (workspace_id, survey_id, wording, grain, segment, starts_on)
      do update set ${column} = cell.${column} + 1`,
    values: [workspaceId, surveyId, segment, today],
  })
  // Waiting for one before sending the other would hold the rows of the totals for longer.
  await Promise.all([cells, client.query('commit')])
}

function bare(): FastifyInstance {
  const app = fastify({ logger: false })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  return app
}

function schema() {
  return { body: surveys.ingest.body, response: { 200: surveys.ingest.reply } }
}

const order = JSON.parse(process.argv[2] ?? '{}') as ServerOrder
const app = order.kind === 'ours' ? await ours(order) : order.kind === 'plain' ? plain(order) : empty()
await app.listen({ port: 0, host: '127.0.0.1' })
process.on('disconnect', () => process.exit(0))
process.send?.({ port: (app.server.address() as AddressInfo).port })
