import assert from 'node:assert/strict'
import { after, before, beforeEach } from 'node:test'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { type InvitationState, type NotAskedRule } from '@lahko/contract/programmes'
import { uuidv7 } from '#platform/identifiers.ts'
import { system, type Scope, type Tx } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { decideSome } from './deciding.ts'
import { insertExampleSurvey } from './example-survey.ts'
import { createProgramme, turnProgramme } from './programmes.ts'

/** Whoever imports this has a house that is opened before their tests, and a workspace with a survey for each of them. */
export const start = '2026-11-20T10:00:00Z'
export const dayMs = 86_400_000
export let house: TestHouse
export let owner: Kysely<unknown>
export let scope: Scope
export let surveyId: string

before(async () => {
  house = await testHouse()
  owner = new Kysely<unknown>({
    dialect: new PostgresDialect({
      pool: new pg.Pool({ ...house.database.owner, max: 2 }).on('error', () => undefined),
    }),
  })
})
after(async () => {
  await owner.destroy()
  await house.close()
})
beforeEach(async () => {
  house.clock.set(start)
  await newWorkspace()
})

/** From now on the verbs here work in another workspace, with a survey of its own. */
export async function newWorkspace(): Promise<void> {
  const survey = await insertExampleSurvey(owner)
  scope = { workspaceId: survey.workspaceId, actor: system }
  surveyId = survey.surveyId
}

export const write = <T>(work: (tx: Tx) => Promise<T>) => house.store.write(scope, work)
export const rules = { personDays: 30, organisationDays: 0, spareOpenProblems: true, fairShare: true }
export const usual = {
  ...{ name: 'All', conditions: [], delayMinutes: 60, hours: null, share: 1, reminderDays: [], expiresDays: 14 },
  quota: null,
}

export async function programme(change: Partial<Parameters<typeof createProgramme>[1]> = {}): Promise<string> {
  return write(async (tx) => {
    const id = await createProgramme(tx, { ...usual, surveyId, ...change })
    await turnProgramme(tx, id, 'on')
    return id
  })
}

export async function customer(
  email: string | null = `${uuidv7()}@kupec.example`,
  organisation = 'Kupec',
): Promise<string> {
  const id = uuidv7()
  await write((tx) =>
    sql`insert into customers (workspace_id, id, email, language, organisation, created_at)
      values (${scope.workspaceId}, ${id}, ${email}, 'sl', ${organisation}, now())`.execute(tx.kysely),
  )
  return id
}

type Made = { customer?: string | null; kind?: string; ended?: Date | null; attributes?: object }

export async function touchpoint({
  customer: of = null,
  kind = 'ticket',
  ended,
  attributes = {},
}: Made = {}): Promise<string> {
  const id = uuidv7()
  const at = ended === undefined ? house.clock.now() : ended
  await write((tx) =>
    sql`insert into touchpoints (workspace_id, id, kind, customer_id, started_at, ended_at, attributes, created_at)
      values (${scope.workspaceId}, ${id}, ${kind}, ${of}, ${new Date(house.clock.now().getTime() - 1000)}, ${at},
        ${JSON.stringify(attributes)}, now())`.execute(tx.kysely),
  )
  return id
}

type Line = {
  state: InvitationState
  not_asked: NotAskedRule | null
  programme_id: string | null
  due_at: Date | null
  response_id: string | null
  language: string | null
}

export async function fateOf(id: string): Promise<Line> {
  const { rows } = await house.store.read(scope, (db) =>
    sql<Line>`select state, not_asked, programme_id, due_at, response_id, language from invitations
      where workspace_id = ${scope.workspaceId} and touchpoint_id = ${id}`.execute(db.kysely),
  )
  assert.equal(rows.length, 1)
  return rows[0]!
}

export const decideAll = async () => {
  while ((await write((tx) => decideSome(tx))) > 0);
}

const idOfOrganisation = (name: string | null) =>
  sql`(select organisation_id from organisation_names
    where workspace_id = ${scope.workspaceId} and name = lower(${name}))`

/** What a change of name leaves. */
export const renameOrganisation = (name: string, other: string) =>
  write(async (tx) => {
    await sql`insert into organisation_names (workspace_id, name, organisation_id)
      values (${scope.workspaceId}, lower(${other}), ${idOfOrganisation(name)})`.execute(tx.kysely)
    await sql`update organisations set name = ${other}
      where workspace_id = ${scope.workspaceId} and id = ${idOfOrganisation(name)}`.execute(tx.kysely)
  })

export const organisationStandsUnder = (name: string, root: string | null) =>
  write((tx) =>
    sql`update organisations set merged_into = ${idOfOrganisation(root)}
      where workspace_id = ${scope.workspaceId} and id = ${idOfOrganisation(name)}`.execute(tx.kysely),
  )

/** What a merge leaves: null takes it back. */
export const standsUnder = (id: string, root: string | null) =>
  write((tx) =>
    sql`update customers set merged_into = ${root} where workspace_id = ${scope.workspaceId} and id = ${id}`.execute(
      tx.kysely,
    ),
  )
