import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import fc from 'fast-check'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { invitationStates, notAskedRules, type InvitationState, type NotAskedRule } from '@lahko/contract/programmes'
import { people } from '#people'
import { emit } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Problem } from '#platform/problem.ts'
import { system, type Scope, type Tx } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { touchpoints } from '#touchpoints'
import { savePreference } from './asking-preferences.queries.ts'
import { decideSome } from './deciding.ts'
import { insertExampleSurvey } from './example-survey.ts'
import { surveys } from './index.ts'
import { listInvitations, viewFunnel } from './ledger.ts'
import { changeAskingRules, createProgramme, removeProgramme, restoreProgramme, turnProgramme } from './programmes.ts'
import { listProgrammeRows } from './programmes.queries.ts'

const start = '2026-11-20T10:00:00Z'
const dayMs = 86_400_000
let house: TestHouse
let owner: Kysely<unknown>
let scope: Scope
let surveyId: string

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
  const survey = await insertExampleSurvey(owner)
  scope = { workspaceId: survey.workspaceId, actor: system }
  surveyId = survey.surveyId
})

const write = <T>(work: (tx: Tx) => Promise<T>) => house.store.write(scope, work)
const rules = { personDays: 30, organisationDays: 0, spareOpenProblems: true, fairShare: true }
const usual = {
  ...{ name: 'All', conditions: [], delayMinutes: 60, hours: null, share: 1, reminderDays: [], expiresDays: 14 },
  quota: null,
}

async function programme(change: Partial<Parameters<typeof createProgramme>[1]> = {}): Promise<string> {
  return write(async (tx) => {
    const id = await createProgramme(tx, { ...usual, surveyId, ...change })
    await turnProgramme(tx, id, 'on')
    return id
  })
}

async function customer(email: string | null = `${uuidv7()}@kupec.example`, organisation = 'Kupec'): Promise<string> {
  const id = uuidv7()
  await write((tx) =>
    sql`insert into customers (workspace_id, id, email, language, organisation, created_at)
      values (${scope.workspaceId}, ${id}, ${email}, 'sl', ${organisation}, now())`.execute(tx.kysely),
  )
  return id
}

type Made = { customer?: string | null; kind?: string; ended?: Date | null; attributes?: object }

async function touchpoint({
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

async function fateOf(id: string): Promise<Line> {
  const { rows } = await house.store.read(scope, (db) =>
    sql<Line>`select state, not_asked, programme_id, due_at, response_id, language from invitations
      where workspace_id = ${scope.workspaceId} and touchpoint_id = ${id}`.execute(db.kysely),
  )
  assert.equal(rows.length, 1)
  return rows[0]!
}

const decideAll = async () => {
  while ((await write((tx) => decideSome(tx))) > 0);
}

test('when touchpoints end, one job decides about all of them, and each has one line', async () => {
  const id = await programme()
  const ana = await customer()
  const [asked, again, nobody] = [
    await touchpoint({ customer: ana }),
    await touchpoint({ customer: ana }),
    await touchpoint(),
  ]
  for (const ended of [asked, again, nobody])
    await write((tx) => emit(tx, { type: 'touchpoint.ended', subjectId: ended }))
  await house.jobs.settle()
  assert.deepEqual(await fateOf(asked), {
    ...{ state: 'waiting', not_asked: null, programme_id: id, response_id: null, language: 'sl' },
    due_at: new Date('2026-11-20T11:00:00Z'),
  })
  assert.equal((await fateOf(again)).not_asked, 'person')
  assert.equal((await fateOf(nobody)).not_asked, 'no_address')
  const { rows } = await write((tx) =>
    sql<{ data: { count: number } }>`select data from events where workspace_id = ${scope.workspaceId}
      and type = 'invitations.decided'`.execute(tx.kysely),
  )
  assert.deepEqual(rows, [{ data: { count: 3 } }])
})

test('what a batch cannot see it reads: people, organisations, quotas and open problems of before', async () => {
  await write((tx) => changeAskingRules(tx, { ...rules, organisationDays: 10 }))
  await programme({ quota: { attribute: 'topic', per: 'month', most: 2 } })
  const [ana, ben, eva, ivo] = [
    await customer(),
    await customer(),
    await customer('eva@x.example', 'X'),
    await customer('ivo@y.example', 'Y'),
  ]
  const first = await touchpoint({ customer: ana, attributes: { topic: 'Returns' } })
  await decideAll()
  house.clock.advance(dayMs)
  await touchpoint({ customer: ivo, kind: 'call', ended: null })
  const later = {
    person: await touchpoint({ customer: ana }),
    organisation: await touchpoint({ customer: ben }),
    open: await touchpoint({ customer: ivo }),
    asked: await touchpoint({ customer: eva, attributes: { topic: 'Returns' } }),
  }
  await decideAll()
  const zoe = await customer('zoe@z.example', 'Z')
  const full = await touchpoint({ customer: zoe, attributes: { topic: 'Returns' } })
  await decideAll()
  house.clock.set('2026-12-01T10:00:00Z')
  const nextMonth = await touchpoint({ customer: zoe, attributes: { topic: 'Returns' } })
  await decideAll()
  const fates = [first, later.person, later.organisation, later.open, later.asked, full, nextMonth]
  assert.deepEqual(await Promise.all(fates.map(async (id) => (await fateOf(id)).not_asked)), [
    ...[null, 'person', 'organisation', 'open_problem', null, 'quota', null],
  ])
})

test('an organisation is the same under every name that leads to it, and apart again when it is taken apart', async () => {
  await write((tx) => changeAskingRules(tx, { ...rules, organisationDays: 10 }))
  await programme()
  const asked = async (organisation: string) => {
    const id = await touchpoint({ customer: await customer(undefined, organisation) })
    await decideAll()
    return (await fateOf(id)).not_asked
  }
  assert.equal(await asked('Renata'), null)
  await renameOrganisation('Renata', 'Renata d.o.o.')
  assert.equal(await asked('Renata d.o.o.'), 'organisation')
  assert.equal(await asked('RENATA'), 'organisation')
  assert.equal(await asked('Branch'), null)
  house.clock.advance(11 * dayMs)
  assert.equal(await asked('Branch'), null)
  await organisationStandsUnder('Branch', 'Renata')
  assert.equal(await asked('Renata'), 'organisation')
  await organisationStandsUnder('Branch', null)
  assert.equal(await asked('Renata'), null)
  assert.equal(await asked('Branch'), 'organisation')
})

const idOfOrganisation = (name: string | null) =>
  sql`(select organisation_id from organisation_names
    where workspace_id = ${scope.workspaceId} and name = lower(${name}))`

/** What a change of name leaves. */
const renameOrganisation = (name: string, other: string) =>
  write(async (tx) => {
    await sql`insert into organisation_names (workspace_id, name, organisation_id)
      values (${scope.workspaceId}, lower(${other}), ${idOfOrganisation(name)})`.execute(tx.kysely)
    await sql`update organisations set name = ${other}
      where workspace_id = ${scope.workspaceId} and id = ${idOfOrganisation(name)}`.execute(tx.kysely)
  })

const organisationStandsUnder = (name: string, root: string | null) =>
  write((tx) =>
    sql`update organisations set merged_into = ${idOfOrganisation(root)}
      where workspace_id = ${scope.workspaceId} and id = ${idOfOrganisation(name)}`.execute(tx.kysely),
  )

/** What a merge leaves: null takes it back. */
const standsUnder = (id: string, root: string | null) =>
  write((tx) =>
    sql`update customers set merged_into = ${root} where workspace_id = ${scope.workspaceId} and id = ${id}`.execute(
      tx.kysely,
    ),
  )

test('two customers who are one person are asked as one, in a batch, between batches, and until they are two', async () => {
  await programme()
  const [work, home] = [await customer(), await customer()]
  const fates = async (...of: string[]) => {
    const ids: string[] = []
    for (const one of of) ids.push(await touchpoint({ customer: one }))
    await decideAll()
    return Promise.all(ids.map(async (id) => (await fateOf(id)).not_asked))
  }
  assert.deepEqual(await fates(work), [null])
  house.clock.advance(dayMs)
  await standsUnder(work, home)
  assert.deepEqual(await fates(home), ['person'])
  await standsUnder(work, null)
  assert.deepEqual(await fates(home), [null])
  house.clock.advance(31 * dayMs)
  await standsUnder(home, work)
  assert.deepEqual(await fates(home, work), [null, 'person'])
  house.clock.advance(31 * dayMs)
  await touchpoint({ customer: home, kind: 'call', ended: null })
  assert.deepEqual(await fates(work), ['open_problem'])
  await standsUnder(home, null)
  assert.deepEqual(await fates(work), [null])
})

test('whoever cannot be written to takes no colleague’s place, and what a person said holds for all addresses', async () => {
  await write((tx) => changeAskingRules(tx, { ...rules, organisationDays: 10 }))
  await programme()
  const suppress = (address: string, reason: string) =>
    write((tx) =>
      sql`insert into suppressions (workspace_id, id, address, reason, at)
        values (${scope.workspaceId}, ${uuidv7()}, ${address}, ${reason}, now())`.execute(tx.kysely),
    )
  const [away, work, home] = [
    await customer('away@kupec.example'),
    await customer('work@kupec.example'),
    await customer('home@kupec.example'),
  ]
  await suppress('away@kupec.example', 'bounced')
  await suppress('home@kupec.example', 'unsubscribed')
  await standsUnder(home, work)
  const [pausing, tired] = [await customer('pausing@kupec.example'), await customer('tired@kupec.example')]
  const privately = await customer('tired@home.example')
  await standsUnder(privately, tired)
  await write(async (tx) => {
    await savePreference(tx, pausing, { surveyId: null, until: new Date(house.clock.now().getTime() + 30 * dayMs) })
    await savePreference(tx, privately, { surveyId, until: null })
  })
  const ids = [
    await touchpoint({ customer: away }),
    await touchpoint({ customer: work }),
    await touchpoint({ customer: home }),
    await touchpoint({ customer: pausing }),
    await touchpoint({ customer: tired }),
    await touchpoint({ customer: await customer('ana@kupec.example') }),
    await touchpoint({ customer: await customer('ben@kupec.example') }),
  ]
  await decideAll()
  assert.deepEqual(await Promise.all(ids.map(async (id) => (await fateOf(id)).not_asked)), [
    ...['suppressed', 'unsubscribed', 'unsubscribed', 'unsubscribed', 'unsubscribed', null, 'organisation'],
  ])
  house.clock.advance(31 * dayMs)
  await standsUnder(home, null)
  const alone = await touchpoint({ customer: work })
  await decideAll()
  assert.equal((await fateOf(alone)).not_asked, null)
  house.clock.advance(31 * dayMs)
  const rested = await touchpoint({ customer: pausing })
  await decideAll()
  assert.equal((await fateOf(rested)).not_asked, null)
})

test('who has answered about it already is not asked, and stands in the ledger as answered', async () => {
  await programme()
  const answered = await touchpoint({ customer: await customer() })
  const response = uuidv7()
  await sql`insert into responses (workspace_id, id, survey_id, version, wording, score, local_date, segment,
      answered_at, received_at, source, touchpoint_id, dedupe, fingerprint)
    values (${scope.workspaceId}, ${response}, ${surveyId}, 1, 1, 9, '2026-11-20', 0, ${house.clock.now()},
      ${house.clock.now()}, 'api', ${answered}, ${uuidv7()}, 1)`.execute(owner)
  await decideAll()
  const { state, not_asked: rule, response_id: id } = await fateOf(answered)
  assert.deepEqual([state, rule, id], ['answered', 'answered_already', response])
})

test('a survey that is paused, closed or anonymous asks nobody', async () => {
  await programme()
  const change = async (set: string) => {
    await sql`update surveys set ${sql.raw(set)} where id = ${surveyId}`.execute(owner)
    const id = await touchpoint({ customer: await customer() })
    await decideAll()
    return (await fateOf(id)).not_asked
  }
  assert.equal(await change(`state = 'paused'`), 'survey_closed')
  assert.equal(await change(`state = 'published', closes_on = '2026-11-19'`), 'survey_closed')
  assert.equal(await change(`closes_on = '2026-11-20'`), null)
  assert.equal(await change(`identity = 'anonymous'`), 'survey_anonymous')
})

test('what is decided stays, whatever programmes and rules say later; but what waits of one that goes off is not sent', async () => {
  const id = await programme()
  const waits = await touchpoint({ customer: await customer() })
  await decideAll()
  await write((tx) => changeAskingRules(tx, { ...rules, personDays: 365 }))
  await decideAll()
  assert.equal((await fateOf(waits)).state, 'waiting')
  await write((tx) => turnProgramme(tx, id, 'off'))
  assert.equal((await fateOf(waits)).not_asked, 'programme_off')
  const unasked = await touchpoint({ customer: await customer() })
  await decideAll()
  assert.equal((await fateOf(unasked)).not_asked, 'no_programme')
  await write((tx) => removeProgramme(tx, id))
  assert.deepEqual([(await fateOf(waits)).programme_id, (await fateOf(waits)).state], [id, 'not_asked'])
})

test('a programme that is brought back has its place again, and waits for what was called off with it', async () => {
  const [first, second, third] = [await programme(), await programme(), await programme()]
  const earlier = await touchpoint({ customer: await customer() })
  await decideAll()
  await write((tx) => turnProgramme(tx, first, 'off'))
  house.clock.advance(1000)
  await write((tx) => turnProgramme(tx, first, 'on'))
  const later = await touchpoint({ customer: await customer() })
  await decideAll()
  const { due_at: due } = await fateOf(later)
  await write((tx) => removeProgramme(tx, first))
  assert.deepEqual((await fateOf(later)).not_asked, 'programme_off')
  const unlike = await touchpoint({ customer: await customer() })
  await decideAll()
  assert.equal((await fateOf(unlike)).programme_id, second)
  const { items } = await house.store.read(scope, (db) => listInvitations(db, { programme: first, limit: 10 }))
  assert.deepEqual(
    items.map((one) => one.programme?.name),
    ['All', 'All'],
  )
  await write((tx) => restoreProgramme(tx, first))
  await write((tx) => restoreProgramme(tx, first))
  const rows = await house.store.read(scope, (db) => listProgrammeRows(db, '2026-11-20'))
  assert.deepEqual(
    rows.map(({ id, place, state }) => [id, place, state]),
    [first, second, third].map((id, at) => [id, at + 1, 'on']),
  )
  assert.deepEqual([(await fateOf(later)).state, (await fateOf(later)).due_at], ['waiting', due])
  assert.equal((await fateOf(earlier)).not_asked, 'programme_off')
  await write((tx) => turnProgramme(tx, first, 'off'))
  await write((tx) => turnProgramme(tx, first, 'on', true))
  assert.equal((await fateOf(later)).state, 'waiting')
  await write((tx) => turnProgramme(tx, first, 'off'))
  house.clock.advance(15 * dayMs)
  await write((tx) => turnProgramme(tx, first, 'on', true))
  assert.equal((await fateOf(later)).not_asked, 'programme_off')
})

test('a programme that went off and was removed comes back off, and what waited of it waits when that is undone too', async () => {
  const id = await programme()
  const waits = await touchpoint({ customer: await customer() })
  await decideAll()
  await write((tx) => turnProgramme(tx, id, 'off'))
  house.clock.advance(1000)
  await write((tx) => removeProgramme(tx, id))
  await write((tx) => restoreProgramme(tx, id))
  assert.equal((await fateOf(waits)).not_asked, 'programme_off')
  const [back] = await house.store.read(scope, (db) => listProgrammeRows(db, '2026-11-20', id))
  assert.equal(back!.state, 'off')
  await write((tx) => turnProgramme(tx, id, 'on', true))
  assert.equal((await fateOf(waits)).state, 'waiting')
})

test('two who decide at once decide once', async () => {
  await programme()
  const ana = await customer()
  for (let ended = 0; ended < 40; ended++) await touchpoint({ customer: ana })
  const counts = await Promise.all(Array.from({ length: 4 }, () => write((tx) => decideSome(tx, 15))))
  assert.equal(
    counts.reduce((sum, count) => sum + count),
    40,
  )
  const { items } = await house.store.read(scope, (db) => listInvitations(db, { limit: 100 }))
  assert.equal(items.length, 40)
  assert.equal(items.filter(({ state }) => state === 'waiting').length, 1)
})

test('whoever is forgotten is not written to, and their line stays', async () => {
  await programme()
  const ana = await customer()
  await touchpoint({ customer: ana })
  await decideAll()
  const kept = await house.store.read(scope, (db) => surveys.customers!.export(db, ana))
  assert.equal((kept['invitations'] as unknown[]).length, 1)
  await write(async (tx) => {
    for (const { customers } of [surveys, touchpoints, people]) await customers!.erase(tx, ana)
  })
  const { items } = await house.store.read(scope, (db) => listInvitations(db, { limit: 10 }))
  assert.deepEqual(
    items.map(({ state, rule, touchpoint: about, customer: whom }) => [state, rule, about, whom]),
    [['not_asked', 'no_address', null, null]],
  )
})

/** 120 invitations of long ago: five of six of the first programme. */
async function history(programmes: readonly string[]): Promise<void> {
  await write((tx) =>
    sql`insert into invitations (workspace_id, id, kind, programme_id, decided_at, due_at)
      select ${scope.workspaceId}, gen_random_uuid(), 'old', (${programmes}::uuid[])[1 + (n % 6 = 0)::integer],
        ${new Date('2026-10-01T10:00:00Z')}, ${new Date('2026-10-01T10:00:00Z')}
      from generate_series(1, 120) n`.execute(tx.kysely),
  )
}

test('however touchpoints are cut into batches, their fates are the same', async () => {
  const ends = fc.array(fc.tuple(fc.nat(1), fc.nat(3), fc.integer({ min: 1, max: 40 })), {
    minLength: 5,
    maxLength: 25,
  })
  await fc.assert(
    fc.asyncProperty(ends, fc.boolean(), async (given, byOrganisation) => {
      const fates: unknown[] = []
      for (const most of [1, 3, 1000]) {
        const survey = await insertExampleSurvey(owner)
        scope = { workspaceId: survey.workspaceId, actor: system }
        surveyId = survey.surveyId
        const quota = { attribute: 'kind', per: 'month' as const, most: 6 }
        const kind = (value: string) => [{ attribute: 'kind', is: 'anyOf' as const, values: [value] }]
        const programmes = [
          await programme({ conditions: kind('0'), delayMinutes: 0, expiresDays: 60 }),
          await programme({ conditions: kind('1'), delayMinutes: 5000, expiresDays: 60, quota }),
        ]
        await history(programmes)
        await write((tx) =>
          changeAskingRules(tx, { ...rules, personDays: 3, organisationDays: byOrganisation ? 1 : 0 }),
        )
        const customers = [
          await customer(),
          await customer(),
          await customer(undefined, 'B'),
          await customer(undefined, 'C'),
        ]
        const ids: string[] = []
        for (const [place, [kindOf, whose, minutes]] of given.entries()) {
          const ended = new Date(Date.parse(start) - (given.length - place) * dayMs + minutes * 60_000)
          ids.push(await touchpoint({ kind: `${kindOf}`, customer: customers[whose], ended }))
        }
        while ((await write((tx) => decideSome(tx, most))) > 0);
        fates.push(
          await Promise.all(
            ids.map(async (id) => {
              const { not_asked: rule, due_at: due } = await fateOf(id)
              return [rule, due]
            }),
          ),
        )
      }
      assert.deepEqual(fates[0], fates[2])
      assert.deepEqual(fates[1], fates[2])
    }),
    { numRuns: 12 },
  )
})

/** Facts that sending, mail servers and people add, in any order and any number. */
const facts = [
  'queued_at',
  'claimed_at',
  'uncertain_at',
  'sent_at',
  'bounced_at',
  'unsubscribed_at',
  'answered_at',
  'expired_at',
]

type Step =
  | { do: 'end'; kind: number; customer: number; day: number }
  | { do: 'decide'; most: number }
  | { do: 'fact'; fact: string; place: number }
  | { do: 'refuse'; rule: 'unsubscribed' | 'suppressed'; place: number }
  | { do: 'turn'; state: 'on' | 'off'; undo: boolean }
  | { do: 'remove' }
  | { do: 'restore' }
  | { do: 'undo'; way: 'turn' | 'remove' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({ do: fc.constant('end'), kind: fc.nat(2), customer: fc.nat(5), day: fc.nat(20) }),
    weight: 6,
  },
  { arbitrary: fc.record({ do: fc.constant('decide'), most: fc.integer({ min: 1, max: 5 }) }), weight: 3 },
  { arbitrary: fc.record({ do: fc.constant('fact'), fact: fc.constantFrom(...facts), place: fc.nat(50) }), weight: 5 },
  {
    arbitrary: fc.record({
      do: fc.constant('refuse'),
      rule: fc.constantFrom('unsubscribed', 'suppressed'),
      place: fc.nat(50),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({ do: fc.constant('turn'), state: fc.constantFrom('on', 'off'), undo: fc.boolean() }),
    weight: 2,
  },
  { arbitrary: fc.record({ do: fc.constantFrom('remove', 'restore') }), weight: 2 },
  { arbitrary: fc.record({ do: fc.constant('undo'), way: fc.constantFrom('turn', 'remove') }), weight: 2 },
) as fc.Arbitrary<Step>

test('after any history every touchpoint has one state, and each number of the funnel is the length of its list', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      house.clock.set(start)
      const survey = await insertExampleSurvey(owner)
      scope = { workspaceId: survey.workspaceId, actor: system }
      surveyId = survey.surveyId
      const programmes = [
        await programme({ conditions: [{ attribute: 'kind', is: 'anyOf', values: ['0'] }], share: 0.6 }),
        await programme({ conditions: [{ attribute: 'kind', is: 'noneOf', values: ['2'] }], delayMinutes: 10_000 }),
      ]
      const customers = [...(await Promise.all([1, 2, 3, 4].map(() => customer()))), await customer(null), null]
      let ended = 0
      for (const one of steps) {
        house.clock.advance(dayMs / 4)
        if (one.do === 'end') {
          const at = new Date(house.clock.now().getTime() - one.day * dayMs)
          await touchpoint({ kind: `${one.kind}`, customer: customers[one.customer], ended: at })
          ended++
        } else await act(one, programmes)
      }
      await decideAll()
      await assertAgreement(ended)
    }),
    { numRuns: 25 },
  )
})

async function act(one: Exclude<Step, { do: 'end' }>, programmes: readonly string[]): Promise<void> {
  if (one.do === 'decide') return void (await write((tx) => decideSome(tx, one.most)))
  const id = programmes[1]!
  if (one.do === 'turn') return whereThere((tx) => turnProgramme(tx, id, one.state, one.undo))
  if (one.do === 'remove') return whereThere((tx) => removeProgramme(tx, id))
  if (one.do === 'restore') return write((tx) => restoreProgramme(tx, id))
  if (one.do === 'undo') return undoAtOnce(id, one.way)
  const at = (set: ReturnType<typeof sql>) =>
    write((tx) =>
      sql`update invitations set ${set} where workspace_id = ${scope.workspaceId} and id = (
        select id from invitations where workspace_id = ${scope.workspaceId} and due_at is not null
        order by id offset ${one.place} limit 1)`.execute(tx.kysely),
    )
  if (one.do === 'refuse') await at(sql`not_asked = ${one.rule}`)
  else await at(sql`${sql.ref(one.fact)} = ${house.clock.now()}`)
}

/** A programme that has been removed can be neither turned nor removed. */
async function whereThere(work: (tx: Tx) => Promise<void>): Promise<void> {
  await write(work).catch((error: unknown) => assert.equal((error as Problem).kind, 'not_found'))
}

/** What is taken back at once is as it was, line by line; only what would have expired by now is not asked any more. */
async function undoAtOnce(id: string, way: 'turn' | 'remove'): Promise<void> {
  const lines = async () => {
    const { rows } = await sql`select id, state, not_asked, due_at, programme_id from invitations
      where workspace_id = ${scope.workspaceId}
        and (due_at > ${new Date(house.clock.now().getTime() - usual.expiresDays * dayMs)}) is not false
      order by id`.execute(owner)
    return rows
  }
  const [now] = await house.store.read(scope, (db) => listProgrammeRows(db, '2026-11-20', id))
  if (!now) return
  const before = await lines()
  if (way === 'remove' || now.state === 'off') {
    await write((tx) => removeProgramme(tx, id))
    await write((tx) => restoreProgramme(tx, id))
  } else {
    await write((tx) => turnProgramme(tx, id, 'off'))
    await write((tx) => turnProgramme(tx, id, 'on', true))
  }
  assert.deepEqual(await lines(), before)
}

async function assertAgreement(ended: number): Promise<void> {
  await house.store.read(scope, async (db) => {
    const between = { from: '2026-11-01', to: '2026-12-31' }
    const funnel = await viewFunnel(db, between)
    const length = async (filter: { state?: InvitationState; rule?: NotAskedRule }) =>
      (await listInvitations(db, { ...between, ...filter, limit: 200 })).items.length
    const sum = (counts: readonly { count: number }[]) => counts.reduce((total, { count }) => total + count, 0)
    assert.equal(funnel.touchpoints, ended)
    assert.equal(await length({}), ended)
    assert.equal(sum(funnel.states), ended)
    assert.equal(sum(funnel.notAsked), funnel.states.find(({ state }) => state === 'not_asked')!.count)
    for (const { state, count } of funnel.states) assert.equal(await length({ state }), count, state)
    for (const { rule, count } of funnel.notAsked) assert.equal(await length({ rule }), count, rule)
    assert.deepEqual([funnel.states.length, funnel.notAsked.length], [invitationStates.length, notAskedRules.length])
  })
}
