import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import pg from 'pg'
import { newKey, newMember, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { openStore, system, type Scope } from '#platform/store.ts'
import { untilWaiting } from '#platform/testing/waiting.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { headerOf, partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { unsupported } from '#platform/testing/mail-support.ts'
import { exampleAlarm, exampleNews, exampleTopic } from './example-news.ts'
import { notify, retract, type News } from './notifying.ts'
import { changeSettings } from './settings.ts'

let smtp: TestSmtp
let house: TestHouse
let sql: pg.Client
let owner: Visitor
let viewer: { member: Visitor; id: string }
let scope: Scope

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'feedback@shop.example', LAHKO_SIGNUP: 'open' })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  const made = await newWorkspace(house, 'bells', visitor(house))
  owner = made.owner
  scope = { workspaceId: made.id, actor: system }
  viewer = await newMember(house, owner, 'viewer', 'bor@bells.example')
  await house.jobs.settle()
})
beforeEach(async () => {
  smtp.received.length = 0
  await sql.query(
    'delete from notices; delete from notice_mutes; delete from notice_rules; delete from notice_mails; delete from collected_notices; delete from mails',
  )
  await sql.query("update notice_settings set mails_off = '{}', seen_id = null")
  house.clock.advance(60_000)
})
after(async () => {
  await sql.end()
  await house.close()
  await smtp.close()
})

const tell = (...news: News[]) => house.store.write(scope, (tx) => notify(house, tx, news))
const bell = async (who: Visitor) =>
  (await who.ask('GET', '/notices')).json() as {
    unseen: number
    items: { id: string; subjectId: string; seen: boolean; muted: { id: string; until: string | null } | null }[]
  }
const sent = async () => {
  await house.due.drain()
  return smtp.received.flatMap(({ to }) => to).toSorted()
}

test('what is told stands at every bell and goes out by mail, once however often it is told', async () => {
  const subject = randomUUID()
  assert.equal(await tell(exampleNews(subject), exampleNews(subject)), 1)
  assert.equal(await tell(exampleNews(subject)), 0)
  for (const who of [owner, viewer.member]) {
    const { unseen, items } = await bell(who)
    assert.deepEqual([unseen, items.map(({ subjectId }) => subjectId)], [1, [subject]])
  }
  assert.deepEqual(await sent(), ['bor@bells.example', 'owner@bells.example'])
  const { raw } = smtp.received[0]!
  assert.equal(headerOf(raw, 'Subject'), `Hard: ${subject}`)
  assert.deepEqual(unsupported(partOf(raw, 'text/html')), [])
  assert.match(partOf(raw, 'text/plain'), /“Nobody called back.”/)
  assert.match(partOf(raw, 'text/plain'), new RegExp(`/app/answers/${subject}`))
  assert.match(partOf(raw, 'text/plain'), /\/app\/settings\/you/)
})

test('two processes that tell the same tell it once, and nobody gets two mails', async () => {
  const other = openStore(house.database.app, house.clock, () => undefined)
  const subjects = Array.from({ length: 5 }, () => randomUUID())
  const telling = [house.store, other, house.store, other].map((store) =>
    store.write(scope, (tx) =>
      notify(
        house,
        tx,
        subjects.map((one) => exampleNews(one)),
      ),
    ),
  )
  assert.deepEqual((await Promise.all(telling)).toSorted(), [0, 0, 0, 5])
  await other.close()
  assert.equal((await sent()).length, 10)
})

test('what has been seen is counted no more, and an older tab takes nothing back', async () => {
  await tell(exampleNews(randomUUID()))
  house.clock.advance(1_000)
  await tell(exampleNews(randomUUID()))
  const { items } = await bell(owner)
  const [newest, older] = items.map(({ id }) => id)
  assert.equal((await owner.ask('POST', '/notices/seen', { through: newest })).statusCode, 204)
  await owner.ask('POST', '/notices/seen', { through: older })
  const seen = await bell(owner)
  assert.deepEqual([seen.unseen, seen.items.map((one) => one.seen)], [0, [true, true]])
  assert.equal((await bell(viewer.member)).unseen, 2)
  assert.equal((await owner.ask('POST', '/notices/seen', { through: randomUUID() })).statusCode, 404)
})

test('a list is paged by key', async () => {
  await tell(...Array.from({ length: 5 }, () => exampleNews(randomUUID())))
  const first = (await owner.ask('GET', '/notices?limit=3')).json()
  const second = (await owner.ask('GET', `/notices?limit=3&after=${first.next}`)).json()
  const ids = [...first.items, ...second.items].map(({ id }: { id: string }) => id)
  assert.deepEqual([first.items.length, second.items.length, second.next], [3, 2, null])
  assert.deepEqual(ids, ids.toSorted().toReversed())
})

test('a muted survey rings no more and sends no mail; snoozed it comes back by itself, undone it is as before', async () => {
  await tell(exampleNews(randomUUID()))
  const { id } = (await bell(owner)).items[0]!
  const until = new Date(house.clock.now().getTime() + 3_600_000).toISOString()
  const mute = (await owner.ask('PUT', `/notices/${id}/mute`, { until })).json()
  assert.deepEqual([mute.topicId, mute.topic, mute.until], [exampleTopic, 'Returns', until])
  await sent()
  smtp.received.length = 0
  await tell(exampleNews(randomUUID()))
  assert.deepEqual(await sent(), ['bor@bells.example'])
  const quiet = await bell(owner)
  assert.deepEqual([quiet.unseen, quiet.items.length, quiet.items[0]!.muted], [0, 2, { id: mute.id, until }])
  assert.equal((await owner.ask('GET', '/notice-mutes')).json().items.length, 1)

  house.clock.advance(3_600_001)
  assert.deepEqual([(await bell(owner)).unseen, (await bell(owner)).items[0]!.muted], [2, null])
  const forGood = (await owner.ask('PUT', `/notices/${id}/mute`, { until: null })).json()
  assert.equal((await bell(owner)).unseen, 0)
  assert.equal((await viewer.member.ask('DELETE', `/notice-mutes/${forGood.id}`)).statusCode, 404)
  assert.equal((await owner.ask('DELETE', `/notice-mutes/${forGood.id}`)).statusCode, 204)
  assert.equal((await bell(owner)).unseen, 2)
})

test('the workspace decides about what and to whom mails go; a member can do without', async () => {
  const open = { mail: true, topics: null, members: null }
  const set = (rule: object) =>
    owner.ask('PUT', '/notices/rules', { hard_answer: { ...open, ...rule }, effort_alarm: open })
  const after = async (rule: object) => {
    assert.equal((await set(rule)).statusCode, 200)
    smtp.received.length = 0
    await tell(exampleNews(randomUUID(), { topicId: mine }))
    return sent()
  }
  const makeSurvey = async () => {
    const reply = await owner.ask('POST', '/surveys', { name: 'Returns', libraryId: 'ces-10-solved' })
    assert.ok(reply.statusCode < 300, reply.body)
    return reply.json().id as string
  }
  const [mine, other] = [await makeSurvey(), await makeSurvey()]
  assert.deepEqual(await after({ mail: false }), [])
  assert.deepEqual(await after({ members: [viewer.id] }), ['bor@bells.example'])
  assert.deepEqual(await after({ topics: [other] }), [])
  assert.deepEqual(await after({ topics: [mine] }), ['bor@bells.example', 'owner@bells.example'])
  const off = await viewer.member.ask('PATCH', '/notices/settings', { mails: { hard_answer: false } })
  const { hard_answer: hard, ...others } = off.json().mails
  assert.deepEqual([hard, ...new Set(Object.values(others))], [false, true])
  assert.deepEqual(await after({}), ['owner@bells.example'])
  assert.equal((await bell(owner)).unseen, 5)

  const foreign = await newWorkspace(house, 'others', visitor(house))
  for (const [topics, place] of [
    [[mine, randomUUID()], 1],
    [[(await foreign.owner.ask('POST', '/surveys', { name: 'Theirs', libraryId: 'ces-10-solved' })).json().id], 0],
  ] as const) {
    const refused = await set({ topics })
    assert.deepEqual([refused.statusCode, refused.json().errors[0].field], [400, `/body/hard_answer/topics/${place}`])
  }
  const noTicket = await owner.ask('PUT', '/notices/rules', {
    ...{ hard_answer: open, effort_alarm: open, ticket_message: { ...open, topics: [mine] } },
  })
  assert.deepEqual([noTicket.statusCode, noTicket.json().errors[0].field], [400, '/body/ticket_message/topics/0'])
  await sql.query('update notice_rules set topics = $1 where kind = $2', [[exampleTopic], 'effort_alarm'])
  const read = (await owner.ask('GET', '/notices/rules')).json()
  assert.equal((await owner.ask('PUT', '/notices/rules', read)).statusCode, 200, 'what has gone may stay named')

  const stranger = await set({ members: [randomUUID()] })
  assert.deepEqual([stranger.statusCode, stranger.json().errors[0].field], [400, '/body/hard_answer/members/0'])
  assert.equal(
    (await viewer.member.ask('PUT', '/notices/rules', { hard_answer: open, effort_alarm: open })).statusCode,
    403,
  )
  assert.deepEqual((await viewer.member.ask('GET', '/notices/rules')).json().hard_answer, open)
})

test('who has left is named by no rule, which can be saved again; one that named nobody else holds for all', async () => {
  const leaver = await newMember(house, owner, 'agent', 'ana@bells.example')
  const open = { mail: true, topics: null, members: null }
  const rules = async () => (await owner.ask('GET', '/notices/rules')).json()
  await owner.ask('PUT', '/notices/rules', {
    hard_answer: { ...open, members: [leaver.id] },
    effort_alarm: { ...open, members: [leaver.id, viewer.id] },
  })
  assert.equal((await owner.ask('DELETE', `/members/${leaver.id}`)).statusCode, 204)
  const left = await rules()
  assert.deepEqual([left.hard_answer.members, left.effort_alarm.members], [null, [viewer.id]])
  assert.equal((await owner.ask('PUT', '/notices/rules', left)).statusCode, 200)
  await sql.query('update notice_rules set members = $1 where kind = $2', [[leaver.id], 'hard_answer'])
  await tell(exampleNews(randomUUID()))
  assert.deepEqual(await sent(), ['bor@bells.example', 'owner@bells.example'])
})

test('a member who leaves goes out of the rows of the rules too', async () => {
  const leaver = await newMember(house, owner, 'agent', 'jan@bells.example')
  const open = { mail: true, topics: null, members: null }
  await owner.ask('PUT', '/notices/rules', {
    hard_answer: { ...open, members: [leaver.id] },
    effort_alarm: { ...open, members: [leaver.id, viewer.id] },
  })
  await owner.ask('DELETE', `/members/${leaver.id}`)
  await house.jobs.settle()
  const { rows } = await sql.query(
    "select members from notice_rules where kind in ('hard_answer', 'effort_alarm') order by kind",
  )
  assert.deepEqual(
    rows.map(({ members }) => members),
    [[viewer.id], null],
  )
})

test('a notice comes after what has been seen, whenever its transaction began', async () => {
  await house.store.write(scope, async (tx) => {
    house.clock.advance(1_000)
    await tell(exampleNews(randomUUID()))
    const [newest] = (await bell(owner)).items
    await owner.ask('POST', '/notices/seen', { through: newest!.id })
    await notify(house, tx, [exampleNews(randomUUID())])
  })
  await tell(exampleNews(randomUUID()))
  const { unseen, items } = await bell(owner)
  assert.deepEqual([unseen, items.map(({ seen }) => seen)], [2, [false, false, true]])
})

test('a flood is ten mails of its kind an hour, the last of which says so, and one that tells the rest', async () => {
  await tell(...Array.from({ length: 24 }, () => exampleNews(randomUUID())))
  assert.equal((await sent()).filter((to) => to === 'owner@bells.example').length, 10)
  const texts = smtp.received
    .filter(({ to }) => to[0] === 'bor@bells.example')
    .map(({ raw }) => partOf(raw, 'text/plain'))
  assert.deepEqual(texts.map((text) => /last of 10|siste av 10|zadnje od 10/.test(text)).filter(Boolean).length, 1)
  assert.equal((await bell(owner)).unseen, 24)
  smtp.received.length = 0
  await tell(exampleNews(randomUUID()))
  assert.deepEqual(await sent(), [])
  const alarm = randomUUID()
  await tell({ ...exampleAlarm(alarm), mail: exampleNews(alarm).mail! })
  assert.deepEqual(await sent(), ['bor@bells.example', 'owner@bells.example'], 'an alarm is not held up')
  await viewer.member.ask('PATCH', '/notices/settings', { mails: { hard_answer: false } })
  smtp.received.length = 0
  house.clock.advance(3_600_001)
  assert.deepEqual(await sent(), ['owner@bells.example'])
  assert.match(partOf(smtp.received[0]!.raw, 'text/plain'), /15 (more hard answers|vanskelige svar|težkih odgovorov)/)
  assert.match(partOf(smtp.received[0]!.raw, 'text/plain'), /\/app\/notices/)
  smtp.received.length = 0
  await tell(exampleNews(randomUUID()))
  assert.deepEqual(await sent(), ['owner@bells.example'])
})

test('what is taken back goes from the bell, and the mails that quote it from the outbox', async () => {
  const [gone, stays] = [randomUUID(), randomUUID()]
  await tell(exampleNews(gone), exampleNews(stays))
  await house.store.write(scope, (tx) => retract(tx, 'hard_answer', [gone]))
  assert.deepEqual(
    (await bell(owner)).items.map(({ subjectId }) => subjectId),
    [stays],
  )
  assert.equal((await sent()).length, 2)
  assert.ok(smtp.received.every(({ raw }) => headerOf(raw, 'Subject') === `Hard: ${stays}`))
})

test('a key reads what its scopes allow, and has no bell of its own', async () => {
  await tell(exampleNews(randomUUID()))
  const { bearer } = await newKey(owner, 'workspace.read', 'responses.read')
  const asKey = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) =>
    visitor(house, { host: 'bells.localhost' }).ask(method, path, body, bearer)
  const list = (await asKey('GET', '/notices')).json()
  assert.deepEqual([list.items.length, list.unseen], [1, 0])
  const refused = await asKey('POST', '/notices/seen', { through: list.items[0].id })
  assert.deepEqual([refused.statusCode, refused.json().code], [403, 'notices.members_only'])
  const narrow = await newKey(owner, 'workspace.read')
  const other = await visitor(house, { host: 'bells.localhost' }).ask('GET', '/notices', undefined, narrow.bearer)
  assert.deepEqual(other.json().items, [])
})

test('a member tries each way, and hears whether it arrived in the words of the server', async () => {
  const attempt = async (body: object) => (await owner.ask('POST', '/notices/tests', body)).json() as object
  assert.deepEqual(await attempt({ kind: 'hard_answer', way: 'bell' }), { arrived: true, says: '' })
  const { items, unseen } = await bell(owner)
  assert.deepEqual([items.length, unseen, (await bell(viewer.member)).items.length], [1, 1, 0])
  assert.equal((await owner.ask('PUT', `/notices/${items[0]!.id}/mute`, { until: null })).statusCode, 404)
  const took = (await attempt({ kind: 'ticket_new', way: 'mail' })) as { arrived: boolean; says: string }
  assert.equal(took.arrived, true)
  assert.match(took.says, /^250/)
  assert.equal(smtp.received.length, 1)
  smtp.refuse = () => ({ code: 550, message: '5.1.1 nobody of that name' })
  const not = (await attempt({ kind: 'ticket_new', way: 'mail' })) as { arrived: boolean; says: string }
  smtp.refuse = () => undefined
  assert.equal(not.arrived, false)
  assert.match(not.says, /5\.1\.1 nobody of that name/)
  const { bearer } = await newKey(owner, 'workspace.read')
  const program = visitor(house, { host: 'bells.localhost' })
  const byKey = await program.ask('POST', '/notices/tests', { kind: 'ticket_new', way: 'bell' }, bearer)
  assert.equal(byKey.statusCode, 403)
})

test('somebody who left gets nothing, not even what waits', async () => {
  const leaver = await newMember(house, owner, 'agent', 'eva@bells.example')
  await tell(exampleNews(randomUUID()))
  assert.equal((await owner.ask('DELETE', `/members/${leaver.id}`)).statusCode, 204)
  assert.deepEqual(await sent(), ['bor@bells.example', 'owner@bells.example'])
})

test('mails to members are told from those to customers', async () => {
  await tell(exampleNews(randomUUID()))
  const count = async (query: string) => (await owner.ask('GET', `/mails?${query}`)).json().items.length as number
  assert.deepEqual([await count('to=members'), await count('to=customers'), await count('')], [2, 0, 2])
})

test('after 90 days notices are forgotten', async () => {
  await tell(exampleNews(randomUUID()))
  house.clock.advance(91 * 86_400_000)
  await tell(exampleNews(randomUUID()))
  await sql.query("select enqueue_everywhere('forget_notices')")
  await house.jobs.settle()
  assert.equal((await bell(await signedIn())).items.length, 1)
})

/** Digests that are due now, told to members with nothing else to hear. */
async function digestsAt(at: Date): Promise<string[]> {
  house.clock.advance(at.getTime() - house.clock.now().getTime())
  await sql.query('update notice_settings set digest_due_at = $1', [at])
  smtp.received.length = 0
  await house.due.drain()
  return smtp.received.flatMap(({ to }) => to).toSorted()
}

test('a digest goes on where the last one ended, however late it is, and tells nothing twice', async () => {
  const hour = 3_600_000
  const start = house.clock.now().getTime()
  const everybody = ['bor@bells.example', 'owner@bells.example']
  await digestsAt(new Date(start))
  house.clock.advance(hour)
  await tell(exampleAlarm(randomUUID()))
  assert.deepEqual(await digestsAt(new Date(start + 30 * hour)), everybody, 'late by six hours')
  assert.match(partOf(smtp.received[0]!.raw, 'text/plain'), /Returns: (drifting towards hard|glir mot|počasi drsi)/)
  assert.deepEqual(await digestsAt(new Date(start + 48 * hour)), [])
})

test('a digest that cannot be told holds up no other, and is tried again in an hour', async () => {
  const start = house.clock.now().getTime() + 24 * 3_600_000
  await tell(exampleAlarm(randomUUID()))
  await sql.query(`create function refuse() returns trigger language plpgsql as
    $$ begin if new.member_id = '${viewer.id}' then raise 'refused'; end if; return new; end $$`)
  await sql.query('create trigger refuse before insert on notice_mails for each row execute function refuse()')
  await assert.rejects(digestsAt(new Date(start)), /digests were not told/)
  await sql.query('drop trigger refuse on notice_mails')
  await house.due.drain()
  assert.deepEqual(
    smtp.received.flatMap(({ to }) => to),
    ['owner@bells.example'],
  )
  const due = await sql.query('select digest_due_at as at from notice_settings where member_id = $1', [viewer.id])
  assert.deepEqual(due.rows, [{ at: new Date(start + 3_600_000) }])
  house.clock.advance(3_600_000)
  smtp.received.length = 0
  await house.due.drain()
  assert.deepEqual(
    smtp.received.flatMap(({ to }) => to),
    ['bor@bells.example'],
  )
})

test('two who change settings at once change only what they name', async () => {
  const { rows } = await sql.query("select id from members where role = 'owner' and workspace_id = $1", [
    scope.workspaceId,
  ])
  const other: { done?: Promise<unknown> } = {}
  await house.store.write(scope, async (tx) => {
    await changeSettings(tx, rows[0].id, { timeZone: 'Asia/Kathmandu' })
    other.done = house.store.write(scope, (later) => changeSettings(later, rows[0].id, { digestHour: 5 }))
    await untilWaiting(house.database.owner)
  })
  await other.done
  const settings = (await (await signedIn()).ask('GET', '/notices/settings')).json()
  assert.deepEqual([settings.timeZone, settings.digestHour], ['Asia/Kathmandu', 5])
})

/** Sessions have ended by then. */
async function signedIn(): Promise<Visitor> {
  const again = visitor(house, { host: 'bells.localhost' })
  const reply = await again.ask('POST', '/sessions', {
    email: 'owner@bells.example',
    password: 'violin teapot 97 glacier',
  })
  assert.ok(reply.statusCode < 300, reply.body)
  return again
}
