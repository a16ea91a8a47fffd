import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type {
  ArticleComment,
  ArticleGap,
  EffortReport,
  Funnel,
  SelfServiceWays,
  TicketEntry,
  TicketLine,
  WhoAnswered,
} from '@lahko/contract'
import { buildDemo, demoTasks } from './build.ts'
import { beginWork } from '../app.ts'
import { makeDemo } from '#portal'
import { createFirstSurvey } from '#surveys'
import { system } from '#platform/store.ts'
import pg from 'pg'
import { testHouse, type TestHouse } from '../platform/testing/house.ts'

let house: TestHouse
before(async () => void (house = await testHouse()))
after(() => house.close())

test('the demo fills a workspace through the product’s own verbs, and is removed with one request', async () => {
  const opened = await house.app.inject({ method: 'POST', url: '/api/v1/demo' })
  assert.equal(opened.statusCode, 202, opened.body)
  const { headers } = await visitorOf(opened)
  await house.jobs.settle()
  const progress = (await house.app.inject({ url: '/api/v1/demo', headers })).json()
  assert.deepEqual(progress, { state: 'ready', done: 40040, total: 40040 })

  const ask = async (path: string) => (await house.app.inject({ url: `/api/v1${path}`, headers })).json()
  await ledgerAgrees(ask)
  const { items: unsolved } = await ask('/tickets?limit=200')
  assert.equal(unsolved.length, 42)
  assert.equal(new Set((unsolved as TicketLine[]).map(({ status }) => status)).size, 3)
  const { items: mine } = await ask('/tickets?owner=me')
  assert.equal(mine.length, 3)
  const [macros, organisations] = [await ask('/macros'), await ask('/organisations')]
  assert.deepEqual(
    macros.items.map(({ name }: { name: string }) => name),
    ['Ask for the order number', 'Parcel is on its way', 'Return accepted'],
  )
  assert.equal(organisations.items.length, 3)
  assert.ok(
    organisations.items.every(({ customers }: { customers: number }) => customers > 0),
    JSON.stringify(organisations),
  )
  const { items: solved } = await ask('/tickets?shelf=solved&limit=200')
  assert.equal(solved.length, 200)
  const { items: entries } = await ask(`/tickets/${solved[0].id}/entries`)
  const kinds = (entries as TicketEntry[]).map((entry) =>
    entry.type === 'message' ? entry.message.kind : entry.fact.type,
  )
  assert.ok(
    ['ticket.opened', 'message', 'reply', 'ticket.status'].every((kind) => kinds.includes(kind)),
    String(kinds),
  )
  const found = await house.app.inject({ url: '/api/v1/insight/effort', headers })
  assert.equal(found.statusCode, 200, found.body)
  const report = found.json() as EffortReport
  const returns = report.breakdowns
    .find(({ attribute }) => attribute === 'topic')
    ?.groups.find(({ value }) => value === 'Returns')
  assert.ok(returns && returns.n > 20)
  assert.ok(report.summary.n > 150)
  assert.equal(report.before?.periods, 12)
  const home = await house.app.inject({ url: '/?lang=en', headers })
  assert.match(home.body, /<ul class="po-tasks"[^>]*><li><a href="\/help\/en\/track-parcel">/)
  assert.match(home.body, /href="mailto:help@shop\.example".*href="tel:\+38645550180"/s)
  const entry = await house.app.inject({ url: '/demo/customer', headers })
  assert.match(String(entry.headers.location), /^\/requests\/enter\//)
  const entered = await house.app.inject({ method: 'POST', url: String(entry.headers.location), headers })
  assert.equal(entered.statusCode, 303, entered.body)
  const cookie = String(entered.headers['set-cookie']).split(';')[0]!
  const theirs = await house.app.inject({ url: '/?lang=en', headers: { host: headers.host, cookie } })
  assert.match(theirs.body, /Yours, open now.*Yours, solved lately/s)
  assert.equal((await house.app.inject({ url: '/demo/customer', headers: { host: headers.host } })).statusCode, 404)
  const help = await house.app.inject({ url: '/help/nb/track-parcel', headers })
  assert.match(help.body, /<h1>Spore en pakke<\/h1>.*href="\/requests\/new\?lang=nb"/s)
  const [, shown] = /<img src="(\/help\/pictures\/[^"]+)" width="960" height="420"/.exec(help.body)!
  const picture = await house.app.inject({ url: shown!, headers })
  assert.equal(picture.headers['content-type'], 'image/webp')
  assert.ok(picture.rawPayload.length < 20_000, `${picture.rawPayload.length}`)
  const today = house.clock.now().toISOString().slice(0, 10)
  assert.equal((await ask(`/articles?reviewBy=${today}`)).items.length, 3)
  const gaps = (await ask('/article-gaps')).items as ArticleGap[]
  assert.deepEqual([...new Set(gaps.map(({ kind }) => kind))].toSorted(), ['missing', 'wrong'])
  assert.ok(
    gaps.every(({ ticket, kind, article }) => ticket && (kind === 'missing' || article)),
    JSON.stringify(gaps),
  )
  const said = (await ask('/article-comments?open=true')).items as ArticleComment[]
  assert.deepEqual([...new Set(said.map(({ language }) => language))].toSorted(), ['en', 'nb', 'sl'])
  assert.ok(said.every(({ reason, helpful, comment }) => reason && !helpful && comment))
  const { ways } = (await ask('/insight/self-service/ways?days=90')) as SelfServiceWays
  assert.deepEqual(
    ways.map(({ way, n, ease }) => [way, n > 100, ease]),
    [
      ['article', true, 'easier'],
      ['article_ticket', true, 'harder'],
      ['ticket', true, ways[2]!.ease],
    ],
  )
  const unfound = await ask('/unfound-questions?language=sl')
  assert.ok(unfound.items.length >= 4, JSON.stringify(unfound))
  const bell = (await house.app.inject({ url: '/api/v1/notices', headers })).json()
  // What customers wrote in the owner's own tickets stands there too.
  const hard = bell.items.map(({ kind }: { kind: string }) => kind).filter((kind: string) => kind === 'hard_answer')
  assert.equal(hard.length, 4)

  const removed = await house.app.inject({ method: 'DELETE', url: '/api/v1/demo', headers })
  assert.equal(removed.statusCode, 204, removed.body)
  assert.equal((await house.app.inject('/api/v1/demo')).json().state, 'none')
})

test('a builder that dies is taken up at the next start, in its own survey whatever else was published, and once', async () => {
  const sql = new pg.Client(house.database.owner)
  await sql.connect()
  try {
    const workspaceId = await makeDemo(house, system, 'en')
    const scope = { workspaceId, actor: system }
    const stopping = new AbortController()
    const onProgress = (done: number) => void (done >= 500 && stopping.abort())
    await buildDemo(house, scope, { onProgress, stopping: stopping.signal })
    const [survey] = (await sql.query('select id from surveys')).rows
    await house.store.write(scope, (tx) => createFirstSurvey(tx, { libraryId: 'ces-7', language: 'en' }))
    // Whoever was doing the job was killed: it is gone, and the demo says that it is being built.
    await sql.query('delete from graphile_worker._private_jobs')
    await beginWork(house)
    const counted: number[] = []
    await Promise.all([house.jobs.settle(), buildDemo(house, scope, { onProgress: (done) => void counted.push(done) })])
    const { rows } = await sql.query('select survey_id, count(*)::int as count from responses group by 1')
    assert.deepEqual(rows, [{ survey_id: survey.id, count: 10_710 }])
    const { rows: tickets } = await sql.query(
      `select count(*) as tickets, count(distinct touchpoint_id) as touchpoints,
      count(distinct number) as numbers from tickets where workspace_id = $1 and shelf = 'solved'`,
      [workspaceId],
    )
    assert.ok(tickets[0].tickets > 10_000)
    assert.deepEqual(tickets[0].tickets, tickets[0].touchpoints)
    assert.deepEqual(tickets[0].tickets, tickets[0].numbers)
    assert.ok(
      counted.every((done) => done >= 500),
      'goes on where it was',
    )
    await buildDemo(house, scope, { onProgress: () => assert.fail('it is ready') })
    // Whoever comes only now finds something of their own, and those who come after them leave it alone.
    const opened = await house.app.inject({ method: 'POST', url: '/api/v1/demo' })
    await house.app.inject({ method: 'POST', url: '/api/v1/demo' })
    await house.jobs.settle()
    const { headers } = await visitorOf(opened)
    const mine = await house.app.inject({ url: '/api/v1/tickets?owner=me', headers })
    assert.equal(mine.json().items.length, 3)
  } finally {
    await sql.end()
  }
})

test('a builder that is told to stop leaves the rest to the next process', async () => {
  const sql = new pg.Client(house.database.owner)
  await sql.connect()
  try {
    await sql.query("update demo_builds set state = 'building', done = 9000")
    const { rows } = await sql.query('select workspace_id from demo_builds')
    const [task] = demoTasks(house)
    await task!.run({ workspaceId: rows[0].workspace_id, actor: system }, {}, AbortSignal.abort())
    const jobs = await sql.query("select from graphile_worker.jobs where task_identifier = 'build_demo'")
    assert.equal(jobs.rowCount, 1)
    await house.jobs.settle()
    assert.equal((await sql.query("select from demo_builds where state = 'ready'")).rowCount, 1)
  } finally {
    await sql.end()
  }
})

/** The demo as whoever opened it sees it. */
async function visitorOf(opened: Awaited<ReturnType<typeof house.app.inject>>) {
  const { workspaceUrl } = opened.json() as { workspaceUrl: string }
  const given = opened.headers['set-cookie'] ?? (await enter(workspaceUrl))
  const cookie = String(given).split(';')[0]!
  return { headers: { host: new URL(workspaceUrl).host, cookie, 'sec-fetch-site': 'same-origin' } }
}

/** The ledger knows every touchpoint once, and no more answers than there are. */
async function ledgerAgrees(ask: (path: string) => Promise<unknown>) {
  const today = house.clock.now().toISOString().slice(0, 10)
  const from = new Date(house.clock.now().getTime() - 200 * 86_400_000).toISOString().slice(0, 10)
  const funnel = (await ask(`/invitations/funnel?from=${from}&to=${today}`)) as Funnel
  assert.equal(funnel.touchpoints, 20_020)
  const count = (wanted: string) => funnel.states.find(({ state }) => state === wanted)!.count
  assert.equal(
    funnel.states.reduce((sum, one) => sum + one.count, 0),
    20_020,
  )
  assert.equal(count('answered'), 10_010)
  for (const state of ['waiting', 'uncertain', 'sent', 'bounced', 'unsubscribed', 'expired', 'not_asked'])
    assert.ok(count(state) > 0, state)
  const { items } = (await ask('/programmes')) as { items: { state: string }[] }
  assert.deepEqual(
    items.map(({ state }) => state),
    ['on', 'on', 'on'],
  )
  const { asked, rates } = (await ask('/insight/who-answered')) as WhoAnswered
  assert.ok(asked.people > asked.answered && asked.answered > 100, JSON.stringify(asked))
  assert.ok(rates.some(({ by, groups }) => by === 'programme' && groups.length === 3))
}

async function enter(url: string) {
  const { pathname, host } = new URL(url)
  return (await house.app.inject({ url: pathname, headers: { host } })).headers['set-cookie']
}
