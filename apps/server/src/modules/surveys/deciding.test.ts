import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { people } from '#people'
import { emit } from '#platform/events.ts'
import { untilWaiting } from '#platform/testing/waiting.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { touchpoints } from '#touchpoints'
import { savePreference } from './asking-preferences.queries.ts'
import { decideSome } from './deciding.ts'
import { surveys } from './index.ts'
import { listInvitations } from './ledger.ts'
import { changeAskingRules, removeProgramme, restoreProgramme, turnProgramme } from './programmes.ts'
import { listProgrammeRows } from './programmes.queries.ts'
import {
  dayMs,
  house,
  owner,
  scope,
  surveyId,
  write,
  rules,
  programme,
  customer,
  touchpoint,
  fateOf,
  decideAll,
  renameOrganisation,
  organisationStandsUnder,
  standsUnder,
} from './example-deciding.ts'

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

test('who or what is removed while it is decided about them leaves a line that names neither', async () => {
  for (const removed of [['touchpoints'], ['touchpoints', 'customers']] as const) {
    const ana = await customer()
    const one = { customers: ana, touchpoints: await touchpoint({ customer: ana }) }
    const { promise: written, resolve: isWritten } = Promise.withResolvers<void>()
    const { promise: release, resolve: goOn } = Promise.withResolvers<void>()
    const deciding = write(async (tx) => {
      await decideSome(tx)
      isWritten()
      await release
    })
    await Promise.race([written, deciding])
    const removing = write(async (tx) => {
      for (const table of removed)
        await sql`delete from ${sql.ref(table)} where workspace_id = ${scope.workspaceId} and id = ${one[table]}`.execute(
          tx.kysely,
        )
    })
    await untilWaiting(house.database.owner).finally(goOn)
    await Promise.all([deciding, removing])
  }
  const { rows } = await write((tx) =>
    sql`select touchpoint_id is null as "noTouchpoint", customer_id is null as "noCustomer" from invitations
      where workspace_id = ${scope.workspaceId} order by customer_id is null`.execute(tx.kysely),
  )
  assert.deepEqual(rows, [
    { noTouchpoint: true, noCustomer: false },
    { noTouchpoint: true, noCustomer: true },
  ])
})

test('lines of one batch stand in the order in which their touchpoints ended, whoever had them', async () => {
  const [ana, ben] = [await customer(), await customer()]
  const ended = (minutesAgo: number) => new Date(house.clock.now().getTime() - minutesAgo * 60_000)
  const second = await touchpoint({ customer: ana, ended: ended(1) })
  const first = await touchpoint({ customer: ben, ended: ended(2) })
  await decideAll()
  const { rows } = await write((tx) =>
    sql<{ touchpoint_id: string }>`select touchpoint_id from invitations where workspace_id = ${scope.workspaceId}
      order by decided_at, id`.execute(tx.kysely),
  )
  assert.deepEqual(
    rows.map((row) => row.touchpoint_id),
    [first, second],
  )
})
