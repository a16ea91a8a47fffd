import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import type { AlikeCustomer, Customer } from '@lahko/contract'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newMember, newWorkspace, type Visitor } from '../../testing/visitor.ts'

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
})
after(async () => {
  await sql.end()
  await house.close()
})

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
async function ask<T>(method: Method, path: string, body?: object): Promise<T> {
  const reply = await owner.ask(method, path, body)
  assert.ok(reply.statusCode < 300, `${method} ${path} ${reply.body}`)
  return (reply.body === '' ? undefined : reply.json()) as T
}

/** Somebody who called. @returns as whom they are known */
async function known(customer: { email: string; [more: string]: string }): Promise<string> {
  house.clock.advance(1_000)
  await ask('POST', '/touchpoints', { kind: 'call', endedAt: house.clock.now().toISOString(), customer })
  const { items } = await ask<{ items: Customer[] }>('GET', `/customers?email=${encodeURIComponent(customer.email)}`)
  return items[0]!.id
}

const alike = async (id: string) =>
  (await ask<AlikeCustomer[]>('GET', `/customers/${id}/alike`)).map(({ customer, why }) => [customer.email, why])

test('one name in one organisation, at one domain, or before the @ may be one person', async () => {
  const work = await known({ email: 'nives@planina.example', name: 'Nives Oblak', organisation: 'Planina d.o.o.' })
  const home = await known({ email: 'nives@home.example', name: 'Nives Oblakk' })
  await known({ email: 'oblak.n@planina.example', name: 'NIVES OBLAK' })
  await known({ email: 'n.o@other.example', name: 'Nives Oblak', organisation: 'planina D.O.O.' })
  await known({ email: 'bor@planina.example', name: 'Bor Bregar', organisation: 'Planina d.o.o.' })
  await known({ email: 'nives@elsewhere.example', name: 'Nives Žagar' })
  await known({ email: 'n@elsewhere.example', name: 'Nives Oblak' })
  assert.deepEqual((await alike(work)).toSorted(), [
    ['n.o@other.example', 'organisation'],
    ['nives@home.example', 'address'],
    ['oblak.n@planina.example', 'domain'],
  ])
  assert.deepEqual(await alike(home), [['nives@planina.example', 'address']])
})

test('two at a provider where everybody has an address are not alike by it', async () => {
  const one = await known({ email: 'ana.novak@gmail.com', name: 'Ana Novak' })
  await known({ email: 'novakana77@gmail.com', name: 'Ana Novak' })
  assert.deepEqual(await alike(one), [])
})

test('two with ids of their own are two, whoever they were merged with', async () => {
  const one = await known({ externalId: 'C-1', email: 'tor@one.example', name: 'Tor Lie' })
  const two = await known({ externalId: 'C-2', email: 'tor@two.example', name: 'Tor Lie' })
  assert.deepEqual(await alike(one), [])
  const third = await known({ email: 'tor@three.example', name: 'Tor Lie' })
  assert.deepEqual(
    (await alike(one)).map(([email]) => email),
    ['tor@three.example'],
  )
  await ask('PUT', `/customers/${two}/merge`, { intoId: third })
  assert.deepEqual(await alike(one), [])
  assert.deepEqual(await alike(third), [])
  await ask('DELETE', `/customers/${two}/merge`)
  assert.equal((await alike(one)).length, 1)
})

test('who was told apart is not asked about again, from either side, until that is taken back', async () => {
  const one = await known({ email: 'kaja@one.example', name: 'Kaja Moe' })
  const two = await known({ email: 'kaja@two.example', name: 'Kaja Moe' })
  for (let times = 0; times < 2; times++) await ask('PUT', `/customers/${two}/difference/${one}`)
  assert.deepEqual([await alike(one), await alike(two)], [[], []])
  await ask('DELETE', `/customers/${one}/difference/${two}`)
  await ask('DELETE', `/customers/${one}/difference/${two}`)
  assert.equal((await alike(one)).length, 1)
  const itself = await owner.ask('PUT', `/customers/${one}/difference/${one}`)
  assert.deepEqual([itself.statusCode, itself.json().code], [409, 'people.same_customer'])
  const { member: viewer } = await newMember(house, owner, 'viewer', 'viewer@acme.example')
  assert.equal((await viewer.ask('PUT', `/customers/${one}/difference/${two}`)).statusCode, 403)
})

test('who was merged is alike to nobody, and their person is asked for', async () => {
  const one = await known({ email: 'per@one.example', name: 'Per Dahl' })
  const two = await known({ email: 'per@two.example', name: 'Per Dahl' })
  await known({ email: 'per@three.example', name: 'Per Dahl' })
  await ask('PUT', `/customers/${two}/merge`, { intoId: one })
  for (const id of [one, two]) assert.deepEqual(await alike(id), [['per@three.example', 'address']])
})

test('both likenesses are looked up by an index, among any number of customers', async () => {
  await sql.query(
    `insert into customers (workspace_id, id, name, email, created_at)
     select $1, gen_random_uuid(), 'Name ' || n, 'name' || n || '@x' || n % 100 || '.example', now()
     from generate_series(1, 5000) n`,
    [workspaceId],
  )
  await sql.query('analyze customers')
  const plan = async (where: string) => {
    const { rows } = await sql.query<{ 'QUERY PLAN': string }>(
      `explain select id from customers c where c.workspace_id = '${workspaceId}' and c.merged_into is null and ${where} limit 200`,
    )
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }
  assert.match(await plan(`lower(c.name) = lower('Name 7')`), /customers_name/)
  assert.match(
    await plan(`split_part(c.email, '@', 1) = split_part('name7@x.example', '@', 1)`),
    /customers_local_part/,
  )
})
