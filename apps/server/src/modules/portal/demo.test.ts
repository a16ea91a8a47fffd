import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import pg from 'pg'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { heard } from '../../testing/hearing.ts'
import { follow, newKey, newMember, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { beginWork } from '../../app.ts'
import { noteDemoProgress } from './demo.ts'
import { system } from '#platform/store.ts'

let house: TestHouse
let sql: pg.Client

before(async () => {
  house = await testHouse()
  sql = new pg.Client(house.database.owner)
  await sql.connect()
})
after(async () => {
  await sql.end()
  await house.close()
})
beforeEach(async () => {
  await sql.query('truncate accounts, workspaces cascade')
  await heard(house, sql, 'workspace.removed')
})

const progress = async () => (await visitor(house).ask('GET', '/demo')).json()
const jobs = async () =>
  (
    await sql.query<{ count: number }>(
      "select count(*)::int as count from graphile_worker.jobs where task_identifier = 'build_demo'",
    )
  ).rows[0]!.count

test('whoever comes first looks at the demo without an account, and removes it with one click', async () => {
  assert.deepEqual(await progress(), { state: 'none', done: 0, total: 0 })
  const browser = visitor(house)
  const opened = await browser.ask('POST', '/demo')
  assert.deepEqual([opened.statusCode, opened.json()], [202, { workspaceUrl: 'http://localhost/app', ready: false }])
  const me = (await browser.ask('GET', '/me')).json()
  assert.deepEqual([me.workspace.kind, me.workspace.slug, me.role], ['demo', 'demo', 'owner'])
  assert.equal((await progress()).state, 'building')
  const start = (await browser.ask('GET', '/start')).json()
  assert.deepEqual(
    [start.signUpOpen, start.demo, start.hostWorkspace.kind],
    [true, { slug: 'demo', url: 'http://localhost/app' }, 'demo'],
  )
  assert.equal((await browser.ask('DELETE', '/demo')).statusCode, 204)
  const { rows } = await sql.query('select (select count(*) from workspaces) + (select count(*) from accounts) as left')
  assert.equal(rows[0].left, 0)
  assert.equal((await browser.ask('GET', '/start')).json().hostWorkspace, null)
  assert.equal((await browser.ask('GET', '/me')).statusCode, 401)
})

test('an empty installation is seeded at the start when the setting says so, one with an account is not', async () => {
  const seeded = { ...house, config: { ...house.config, seed: 'demo' as const } }
  const before = await jobs()
  await beginWork(house)
  assert.equal((await progress()).state, 'none')
  await beginWork(seeded)
  await beginWork(seeded)
  assert.equal((await progress()).state, 'building')
  assert.equal(await jobs(), before + 1)
  await sql.query('truncate accounts, workspaces cascade')
  await heard(house, sql, 'workspace.removed')
  await newWorkspace(house, 'acme')
  await beginWork(seeded)
  assert.equal((await progress()).state, 'none')
})

test('two who open it at once share one demo, one builder and one account', async () => {
  const replies = await Promise.all([visitor(house).ask('POST', '/demo'), visitor(house).ask('POST', '/demo')])
  assert.deepEqual(
    replies.map((reply) => reply.statusCode),
    [202, 202],
  )
  const { rows } = await sql.query(
    'select (select count(*) from workspaces) as workspaces, (select count(*) from accounts) as accounts, (select count(*) from sessions) as sessions',
  )
  assert.deepEqual(rows, [{ workspaces: 1, accounts: 1, sessions: 2 }])
})

test('opening it again goes on, and after a failure builds again', async () => {
  await visitor(house).ask('POST', '/demo')
  const { rows } = await sql.query('select workspace_id from workspaces')
  const scope = { workspaceId: rows[0].workspace_id as string, actor: system }
  const before = await jobs()
  await house.store.write(scope, (tx) => noteDemoProgress(tx, { state: 'ready', done: 10, total: 10 }))
  const again = await visitor(house).ask('POST', '/demo')
  assert.equal(again.json().ready, true)
  assert.deepEqual(await progress(), { state: 'ready', done: 10, total: 10 })
  await house.store.write(scope, (tx) => noteDemoProgress(tx, { state: 'failed', done: 3, total: 10 }))
  await sql.query('delete from graphile_worker._private_jobs')
  await visitor(house).ask('POST', '/demo')
  assert.equal((await progress()).state, 'building')
  assert.deepEqual([before > 0, await jobs()], [true, 1])
})

test('after the first account strangers sign in first, and a member enters with their own', async () => {
  const { owner } = await newWorkspace(house, 'acme')
  const refused = await visitor(house).ask('POST', '/demo')
  assert.deepEqual([refused.statusCode, refused.json().code], [401, 'accounts.demo_needs_account'])
  const { bearer } = await newKey(owner, 'workspace.manage')
  const byKey = await visitor(house).ask('POST', '/demo', undefined, bearer)
  assert.deepEqual([byKey.statusCode, byKey.json().code], [403, 'portal.demo_by_key'])
  const { member: agent } = await newMember(house, owner, 'agent', 'agent@acme.example')
  const early = await agent.ask('POST', '/demo')
  assert.deepEqual([early.statusCode, early.json().code], [403, 'platform.not_allowed'])
  const opened = await owner.ask('POST', '/demo')
  const inside = await follow(owner, opened.json().workspaceUrl)
  const me = (await inside.ask('GET', '/me')).json()
  assert.deepEqual([me.workspace.slug, me.role, me.account.email], ['demo', 'owner', 'owner@acme.example'])
  const looking = await follow(agent, (await agent.ask('POST', '/demo')).json().workspaceUrl)
  assert.equal((await looking.ask('GET', '/me')).json().role, 'agent')
  assert.equal((await looking.ask('DELETE', '/demo')).statusCode, 403)
  assert.equal((await agent.ask('DELETE', '/demo')).statusCode, 403)
  assert.equal((await owner.ask('DELETE', '/demo')).statusCode, 204)
  assert.equal((await owner.ask('GET', '/me')).json().workspaces.length, 1)
  assert.equal((await owner.ask('DELETE', '/demo')).statusCode, 404)
})

test('the visitor’s account, which everybody shares, stays as it is', async () => {
  const browser = visitor(house)
  await browser.ask('POST', '/demo')
  const reply = await browser.ask('PATCH', '/me', {
    name: 'Mine',
    password: { current: 'x', next: 'seven quiet harbours' },
  })
  assert.deepEqual([reply.statusCode, reply.json().code], [409, 'accounts.demo_account'])
  const signIn = await visitor(house).ask('POST', '/sessions', { email: 'visitor@demo.invalid', password: 'x' })
  assert.equal(signIn.statusCode, 401)
})

test('visitors who share one account each read the demo in the language that they chose, and change it for themselves', async () => {
  const languageOf = async (browser: Visitor) => (await browser.ask('GET', '/me')).json().account.language as string
  const [slovene, norwegian] = [visitor(house), visitor(house)]
  const open = (browser: Visitor, language: string) =>
    browser.ask('POST', '/demo', undefined, { 'accept-language': language })
  await open(slovene, 'sl')
  await open(norwegian, 'nb')
  assert.deepEqual([await languageOf(slovene), await languageOf(norwegian)], ['sl', 'nb'])
  const home = await slovene.ask('GET', '//', undefined, { 'accept-language': 'en' })
  assert.match(home.body, /<html lang="sl"/)
  assert.equal((await slovene.ask('PATCH', '/me', { language: 'en' })).statusCode, 204)
  assert.deepEqual([await languageOf(slovene), await languageOf(norwegian)], ['en', 'nb'])
  await open(norwegian, 'sl')
  assert.equal(await languageOf(norwegian), 'sl', 'chosen anew where the session before spoke another')
})

test('of the visitors, each sees and ends only their own session', async () => {
  const [one, other] = [visitor(house), visitor(house)]
  for (const browser of [one, other]) await browser.ask('POST', '/demo')
  const sessions = (await one.ask('GET', '/sessions')).json().items
  assert.deepEqual([sessions.length, sessions[0].current], [1, true])
  assert.equal((await other.ask('DELETE', `/sessions/${sessions[0].id}`)).statusCode, 404)
  assert.equal((await one.ask('GET', '/me')).statusCode, 200)
  assert.equal((await one.ask('DELETE', `/sessions/${sessions[0].id}`)).statusCode, 204)
  assert.equal((await one.ask('GET', '/me')).statusCode, 401)
})

test('a company made beside the demo takes its place, and removing the demo leaves it', async () => {
  const browser = visitor(house)
  await browser.ask('POST', '/demo')
  const { owner } = await newWorkspace(house, 'acme', browser)
  assert.equal((await owner.ask('GET', '/me')).json().workspace.slug, 'acme')
  assert.deepEqual((await owner.ask('GET', '/start')).json().demo, { slug: 'demo', url: 'http://demo.localhost/app' })
})
