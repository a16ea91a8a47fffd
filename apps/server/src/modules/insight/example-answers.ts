import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import { contract, type SurveyContent } from '@lahko/contract'
import { permissions, type Permission } from '@lahko/contract/permissions'
import { scales, type Scale } from '@lahko/effort'
import { createKey } from '#accounts'
import { uuidv7 } from '#platform/identifiers.ts'
import { system, type Store } from '#platform/store.ts'

/** So many answers alike, given at nine in the morning, UTC. */
export type Given = {
  day: string
  score: number
  n?: number
  attributes?: Record<string, string>
  customer?: { externalId: string }
}

export type ExampleWorkspace = { workspaceId: string; key: string }
export type ExampleSurvey = { workspaceId: string; surveyId: string; key: string; scale: Scale }

type Wish = Partial<{
  key: string
  identity: 'identified' | 'anonymous'
  declared: string[]
  scale: Scale
  wordings: number
}>

/** Workspaces and published surveys past all verbs, for tests and benches of what is read. */
export type ExampleAnswers = {
  workspace(store: Store, timeZone?: string, scopes?: readonly Permission[]): Promise<ExampleWorkspace>
  survey(workspaceId: string, wish?: Wish): Promise<ExampleSurvey>
  /** A second wording, of the same scale unless another is given. */
  reword(survey: ExampleSurvey, scale?: Scale): Promise<void>
  readonly client: pg.Client
  close(): Promise<void>
}

/** @param owner the database's owner, whom no row-level security binds */
export async function exampleAnswers(owner: pg.ClientConfig): Promise<ExampleAnswers> {
  const client = new pg.Client(owner)
  await client.connect()
  return {
    client,
    close: () => client.end(),
    async workspace(store, timeZone = 'Europe/Ljubljana', scopes = permissions) {
      const workspaceId = uuidv7()
      await client.query(
        `insert into workspaces (workspace_id, slug, name, language, time_zone, created_at) values ($1::uuid, $1::uuid::text, 'Example', 'en', $2, now())`,
        [workspaceId, timeZone],
      )
      const { key } = await store.write({ workspaceId, actor: system }, (tx) =>
        createKey(tx, { name: 'test', scopes: [...scopes] }),
      )
      return { workspaceId, key }
    },
    survey: (workspaceId, wish = {}) => insertSurvey(client, workspaceId, wish),
    reword: (survey, scale = survey.scale) => insertWording(client, { ...survey, scale }),
  }
}

async function insertSurvey(client: pg.Client, workspaceId: string, wish: Wish): Promise<ExampleSurvey> {
  const {
    key = 'help',
    identity = 'identified',
    declared = ['topic', 'channel', 'language'],
    scale = scales['ces-10'],
  } = wish
  const surveyId = uuidv7()
  await client.query(
    `insert into surveys (workspace_id, id, key, name, state, identity, rule, declared, version, created_at)
     values ($1, $2, $3, 'Help', 'published', $4, $5, $6, 1, now())`,
    [workspaceId, surveyId, key, identity, ruleOf(scale), declared],
  )
  await client.query(
    `insert into survey_versions (workspace_id, survey_id, version, wording, content, published_at)
     values ($1, $2, 1, 1, $3, '2026-01-01Z')`,
    [workspaceId, surveyId, JSON.stringify(contentOf(scale, 1))],
  )
  return { workspaceId, surveyId, key, scale }
}

function ruleOf({ easy, hard }: Scale): string {
  return JSON.stringify({ id: 'standard', easy, hard })
}

function contentOf({ id, family, min, max, direction }: Scale, wording: number): SurveyContent {
  return {
    languages: ['en', 'sl'],
    score: {
      text: { en: `How easy was it with {company}? ${wording}`, sl: `Kako lahko je bilo? ${wording}` },
      scale: { id, family, min, max, direction },
      look: 'numbers',
      lowLabel: { en: 'Very hard', sl: 'Zelo težko' },
      highLabel: { en: 'Very easy', sl: 'Zelo lahko' },
    },
    reasons: [],
    comment: null,
    questions: [],
    thanks: { hard: {}, neither: {}, easy: {} },
  }
}

/** A second version with another wording, which from now on is asked. */
async function insertWording(client: pg.Client, { workspaceId, surveyId, scale }: ExampleSurvey): Promise<void> {
  await client.query(
    `insert into survey_versions (workspace_id, survey_id, version, wording, content, published_at)
     values ($1, $2, 2, 2, $3, now())`,
    [workspaceId, surveyId, JSON.stringify(contentOf(scale, 2))],
  )
  await client.query('update surveys set version = 2, rule = $3 where workspace_id = $1 and id = $2', [
    workspaceId,
    surveyId,
    ruleOf(scale),
  ])
}

/** Reports answers as another program does; each counts, or it throws. */
export async function reportAnswers(
  app: FastifyInstance,
  apiKey: string,
  survey: string,
  given: readonly Given[],
): Promise<void> {
  const responses = given.flatMap(({ day, score, n = 1, attributes, customer }) =>
    Array.from({ length: n }, () => ({ survey, score, answeredAt: `${day}T09:00:00Z`, attributes, customer })),
  )
  const headers = { authorization: `Bearer ${apiKey}` }
  const reply = await app.inject({ method: 'POST', url: '/api/v1/responses', headers, payload: { responses } })
  const { results = [] } = reply.json<{ results?: { status: string }[] }>()
  if (results.length === 0 || results.some(({ status }) => status !== 'accepted')) throw new Error(reply.body)
}

/** The address of an entry of this module with a query. */
export function addressOf(name: keyof typeof contract.insight, query: Record<string, string | string[]> = {}): string {
  const search = new URLSearchParams()
  for (const [field, value] of Object.entries(query)) for (const one of [value].flat()) search.append(field, one)
  return `/api/v1${contract.insight[name].path}?${search}`
}
