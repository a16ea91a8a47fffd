import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Touchpoint } from '@lahko/contract'
import pg from 'pg'
import type { Db } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { plansOf as plansIn } from '../../testing/plans.ts'
import { newWorkspace, type Visitor } from '../../testing/visitor.ts'
import {
  listNewestOf,
  listNewestTouchpoints,
  listTouchpointsBeginning,
  listTouchpointsOfSought,
} from './listing.queries.ts'

let house: TestHouse
let owner: Visitor
let workspaceId: string
let sql: pg.Client

before(async () => {
  house = await testHouse()
  const made = await newWorkspace(house, 'acme')
  owner = made.owner
  workspaceId = made.id
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  await ask('POST', '/touchpoints', {
    touchpoints: [
      // Her number is how the number of another one's touchpoint begins.
      ended('novak-1', 20, { externalId: 'k-7', name: 'Ana Novak', email: 'ana@planina.example' }),
      ended('call-1', 19, { externalId: 'k-7' }),
      ended('k-7-repair', 18, { email: 'per@dahl.example', name: 'Per Dahl', phone: '+4790012345' }),
      ended('call-2', 17, { externalId: 'k-7' }),
      { ...ended('', 16, { email: 'ana.n@home.example', name: 'A. N.' }), externalId: undefined, kind: 'visit' },
      ended('call-3', 15),
    ],
  })
})
after(async () => {
  await sql.end()
  await house.close()
})

const ended = (externalId: string, day: number, customer?: object) => ({
  ...{ externalId, kind: 'call', endedAt: `2026-10-${day}T09:00:00Z` },
  ...(customer && { customer }),
})

async function ask<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T> {
  const reply = await owner.ask(method, path, body)
  assert.ok(reply.statusCode < 300, `${method} ${path} ${reply.body}`)
  return (reply.body === '' ? undefined : reply.json()) as T
}

type Page = { items: Touchpoint[]; next: string | null }
const nameOf = ({ externalId, kind }: Touchpoint) => externalId ?? kind

/** All that is found, page by page. */
async function found(search: string, more = '', limit = 1): Promise<string[]> {
  const names: string[] = []
  for (let after = ''; ;) {
    const page = await ask<Page>(
      'GET',
      `/touchpoints?search=${encodeURIComponent(search)}${more}&limit=${limit}${after}`,
    )
    assert.ok(page.items.length <= limit)
    names.push(...page.items.map(nameOf))
    if (page.next === null) return names
    after = `&after=${page.next}`
  }
}

test('one search finds numbers by their beginning and then customers by any of their words', async () => {
  assert.deepEqual(await found('novak'), ['novak-1', 'call-1', 'call-2'])
  for (const limit of [1, 2, 3, 50])
    assert.deepEqual(await found('k-7', '', limit), ['k-7-repair', 'novak-1', 'call-1', 'call-2'])
  assert.deepEqual(await found('PLANINA.example'), ['novak-1', 'call-1', 'call-2'])
  assert.deepEqual(await found('900123'), ['k-7-repair'])
  assert.deepEqual(await found('call-'), ['call-1', 'call-2', 'call-3'])
  assert.deepEqual(await found('A. N.'), ['visit'])
  assert.deepEqual(await found('no_ak'), [])
})

test('filters narrow what is found, whichever way it was', async () => {
  assert.deepEqual(await found('k-7', '&from=2026-10-19'), ['novak-1', 'call-1'])
  assert.deepEqual(await found('k-7', '&to=2026-10-18'), ['k-7-repair', 'call-2'])
  assert.deepEqual(await found('k-7', '&kind=visit'), [])
  assert.deepEqual(await found('k-7', '&state=open'), [])
  const { items } = await ask<Page>('GET', '/touchpoints?search=900123')
  assert.deepEqual(await found('k-7', `&customer=${items[0]!.customer!.id}`), ['k-7-repair'])
})

test('what happened with somebody is found by the names of the person they are', async () => {
  const idOf = async (search: string) =>
    (await ask<Page>('GET', `/touchpoints?search=${search}&limit=1`)).items[0]!.customer!.id
  const [ana, home] = [await idOf('novak'), await idOf('home.example')]
  await ask('PUT', `/customers/${home}/merge`, { intoId: ana })
  assert.deepEqual(await found('planina'), ['novak-1', 'call-1', 'call-2', 'visit'])
  assert.deepEqual(await found('home.example'), ['novak-1', 'call-1', 'call-2', 'visit'])
  await ask('DELETE', `/customers/${home}/merge`)
  assert.deepEqual(await found('planina'), ['novak-1', 'call-1', 'call-2'])
})

test('an end of a page that nothing has ended with is refused', async () => {
  const page = (end: string) => Buffer.from(end).toString('base64url')
  for (const end of ['x', '@x', '@2026-10-20T09:00:00.000Z x', '=\0', '=\x07'].map(page)) {
    const reply = await owner.ask('GET', `/touchpoints?search=a&after=${end}`)
    assert.deepEqual([reply.statusCode, reply.json().code], [400, 'touchpoints.bad_page'])
  }
})

test('many who hold the words are met among the newest touchpoints, else by their own', async () => {
  await sql.query(`
    insert into customers (workspace_id, id, name, created_at)
    select '${workspaceId}', gen_random_uuid(), (case when n <= 2500 then 'Rare ' else 'Marko ' end) || n, now()
    from generate_series(1, 11000) n;
    insert into touchpoints (workspace_id, id, external_id, kind, customer_id, ended_at, created_at)
    select workspace_id, gen_random_uuid(), 'many-' || n || '-' || name, 'call', id,
      timestamptz '2026-09-01' - n * interval '1 minute' - case when name like 'Rare %' then '90 days' else '0' end::interval,
      now()
    from customers, generate_series(1, 3) n where name ~ '^(Rare|Marko) ';`)
  await sql.query('analyze')
  const newest = async (search: string) =>
    (await ask<Page>('GET', `/touchpoints?search=${search}&limit=2`)).items.map(({ endedAt }) => endedAt)
  assert.deepEqual(await newest('marko'), Array(2).fill('2026-08-31T23:59:00.000Z'))
  assert.deepEqual(await newest('rare'), Array(2).fill('2026-06-02T23:59:00.000Z'))
  assert.equal((await found('marko 777', '', 2)).length, 3 * 10)
})

test('what help desks tell is found among all, however far back, and its values are named', async () => {
  const told = { topic: 'Repairs', team: 'North', agent: 'Bor', channel: 'mail', outcome: 'solved' }
  await ask('POST', '/touchpoints', {
    touchpoints: [
      { ...ended('told-new', 25), ...told },
      { ...ended('told-other', 24), ...told, topic: 'Returns' },
      { ...ended('told-old', 1), ...told, endedAt: '2026-01-02T09:00:00Z', agent: 'Eva' },
    ],
  })
  const listed = async (query: string, limit = 2) => {
    const pages: string[][] = []
    for (let after = ''; ;) {
      const page = await ask<Page>('GET', `/touchpoints?${query}&limit=${limit}${after}`)
      pages.push(page.items.map(nameOf))
      if (page.next === null) return pages
      after = `&after=${page.next}`
    }
  }
  assert.deepEqual(await listed('topic=Repairs'), [['told-new'], ['told-old']])
  assert.deepEqual(await listed('team=North'), [['told-new', 'told-other'], ['told-old']])
  assert.deepEqual(await listed('team=North', 1), [['told-new'], ['told-other'], ['told-old']])
  assert.deepEqual(await listed('agent=Eva&kind=call&state=ended'), [[], ['told-old']])
  assert.deepEqual(await listed('topic=Repairs&from=2026-10-01'), [['told-new']])
  assert.deepEqual(await listed('channel=mail&outcome=open'), [[], []])
  assert.deepEqual(await found('told-', '&topic=Repairs'), ['told-new', 'told-old'])
  assert.deepEqual(await ask('GET', '/touchpoint-values'), {
    ...{ topic: ['Repairs', 'Returns'], team: ['North'], agent: ['Bor'], channel: ['mail'], outcome: ['solved'] },
  })
})

test('every way to find is by an index', async () => {
  const filter = { timeZone: 'UTC' }
  const page = { limit: 51, before: { at: '2026-10-18T09:00:00.000Z', id: workspaceId } }
  const plansOf = (work: (db: Db) => Promise<unknown>) => plansIn(house, workspaceId, work)
  const sought = (search: string) => plansOf((db) => listTouchpointsOfSought(db, filter, { search, ...page }))
  const byTopic = plansOf((db) => listNewestTouchpoints(db, { ...filter, topic: 'Repairs' }, page))
  assert.match(await byTopic, /Index Scan using touchpoints_newest/)
  assert.match(await sought('marko'), /touchpoints_newest[\s\S]*customers_pkey/)
  assert.match(await sought('marko 777'), /touchpoints_customer[\s\S]*touchpoints_customer/)
  const { rows } = await sql.query<{ id: string }>('select id from customers limit 10000')
  const ids = rows.map(({ id }) => id)
  assert.match(await plansOf((db) => listNewestOf(db, ids, page)), /touchpoints_customer[\s\S]*touchpoints_customer/)
  assert.match(
    await plansOf((db) => listTouchpointsBeginning(db, filter, { beginning: 'many-1', limit: 51 })),
    /touchpoints_workspace_id_external_id_key/,
  )
})
