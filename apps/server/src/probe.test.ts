import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { contract, type Entry } from '@lahko/contract'
import { addressOf } from '@lahko/contract/client'
import { testHouse, type TestHouse } from './platform/testing/house.ts'
import { keyOf, subjectsOf, testWorkspace, validBodies, type Subjects } from './testing/workspace.ts'

/** Every route with an id in its address, asked by one workspace for what belongs to another. */
const entries = Object.entries(contract).flatMap(([module, all]) =>
  Object.entries(all as Record<string, Entry>)
    .filter(([, entry]) => entry.path.includes(':') && entry.permission !== null)
    .map(([name, entry]) => ({ name: `${module}.${name}`, entry })),
)

let house: TestHouse
let theirs: Subjects
let ourKey: string
let theirKey: string

before(async () => {
  house = await testHouse({ LAHKO_SIGNUP: 'open' })
  const [our, their] = [await testWorkspace(house, 'ours'), await testWorkspace(house, 'theirs')]
  ourKey = await keyOf(house, our)
  theirKey = await keyOf(house, their)
  theirs = await subjectsOf(house, their)
})
after(() => house.close())

function ask(entry: Entry, name: string, key: string) {
  const body = validBodies[name]
  return house.app.inject({
    method: entry.method,
    url: addressOf(entry, {
      params: theirs.paramsFor(name, entry),
      query: name === 'surveys.upload' ? { name: 'a.csv' } : {},
    }),
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined
        ? {}
        : { 'content-type': entry.content === 'upload' ? 'application/octet-stream' : 'application/json' }),
    },
    payload: body as string | object | undefined,
  })
}

for (const { name, entry } of entries) {
  test(`${name} of another workspace is not there`, async () => {
    const reply = await ask(entry, name, ourKey)
    assert.equal(reply.statusCode, 404, reply.body)
    assert.equal(reply.json().code, 'platform.not_found', reply.body)
  })
}

for (const { name, entry } of entries.filter(({ entry }) => entry.method === 'GET')) {
  test(`${name} is there for its own workspace`, async () => {
    const reply = await ask(entry, name, theirKey)
    assert.ok(reply.statusCode < 300, reply.body)
  })
}

test('there is something to ask for', () => assert.ok(entries.length > 15))
