import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { contract, type Entry } from '@lahko/contract'
import { addressOf } from '@lahko/contract/client'
import { uuidv7 } from './platform/identifiers.ts'
import { testHouse, type TestHouse } from './platform/testing/house.ts'
import {
  keyOf,
  subjectsOf,
  testWorkspace,
  validBodies,
  type Subjects,
  type TestWorkspace,
} from './testing/workspace.ts'

/** Every route with an id in its address, asked by one workspace for what belongs to another. */
const entries = Object.entries(contract).flatMap(([module, all]) =>
  Object.entries(all as Record<string, Entry>)
    .filter(([, entry]) => entry.path.includes(':') && entry.permission !== null)
    .map(([name, entry]) => ({ name: `${module}.${name}`, entry })),
)

let house: TestHouse
let our: TestWorkspace
let their: TestWorkspace
let theirs: Subjects
let ourKey: string
let theirKey: string

before(async () => {
  house = await testHouse({ LAHKO_SIGNUP: 'open', LAHKO_BASE_URL: 'https://feedback.example.com' })
  // LAHKO_BASE_URL leads to the first.
  their = await testWorkspace(house, 'theirs')
  our = await testWorkspace(house, 'ours')
  ourKey = await keyOf(house, our)
  theirKey = await keyOf(house, their)
  theirs = await subjectsOf(house, their)
})
after(() => house.close())

type Asked = { as: Record<string, string>; host: string; subjects: Subjects }

const withKey = (key: string) => ({ authorization: `Bearer ${key}` })
/** Sessions are an account's, which no key has. */
const asMember = ({ cookie }: TestWorkspace) => ({ cookie, 'sec-fetch-site': 'same-origin' })

function ask(entry: Entry, name: string, { as, host, subjects }: Asked) {
  const given = validBodies[name]
  const { id: surveyId } = subjects.paramsFor('', contract.surveys.get)
  const body = typeof given === 'function' ? given(surveyId, subjects.paramsFor(name, entry)['id']) : given
  return house.app.inject({
    method: entry.method,
    url: addressOf(entry, {
      params: subjects.paramsFor(name, entry),
      query: name === 'surveys.upload' ? { name: 'a.csv' } : {},
    }),
    headers: {
      host,
      ...as,
      ...(body === undefined
        ? {}
        : { 'content-type': entry.content === 'upload' ? 'application/octet-stream' : 'application/json' }),
    },
    payload: body as string | object | undefined,
  })
}

for (const { name, entry } of entries) {
  test(`${name} of another workspace is not there`, async () => {
    const reply = await ask(entry, name, { as: withKey(ourKey), host: our.host, subjects: theirs })
    assert.equal(reply.statusCode, 404, reply.body)
    assert.equal(reply.json().code, 'platform.not_found', reply.body)
  })
}

for (const { name, entry } of entries.filter(({ entry }) => entry.method === 'GET')) {
  test(`${name} is there for its own workspace`, async () => {
    const reply = await ask(entry, name, { as: withKey(theirKey), host: their.host, subjects: theirs })
    assert.ok(reply.statusCode < 300 || reply.statusCode === 409, reply.body)
  })
}

// A write that is not there for anybody would pass the probe; some need a state that this workspace is not in.
for (const { name, entry } of entries.filter(({ entry }) => entry.method !== 'GET')) {
  test(`${name} is there for its own workspace, or says what hinders it`, async () => {
    // The longest that somebody waits who begins one workspace after another.
    house.clock.advance(900_000)
    const workspace = await testWorkspace(house, name.toLowerCase().replace('.', '-'))
    await keyOf(house, workspace)
    const subjects = await subjectsOf(house, workspace)
    const reply = await ask(entry, name, { as: asMember(workspace), host: workspace.host, subjects })
    assert.ok(reply.statusCode < 300 || reply.statusCode === 409, `${reply.statusCode} ${reply.body}`)
  })
}

/** Ids that stand elsewhere than in the address. */
const elsewhere: { name: string; method: 'GET' | 'POST'; url(id: string): string; body?(id: string): object }[] = [
  { name: 'effort of a survey', method: 'GET', url: (id) => `/insight/effort?survey=${id}` },
  {
    name: 'who answered as CSV',
    method: 'GET',
    url: (id) => `/insight/who-answered.csv?by=topic&survey=${id}`,
  },
  { name: 'effort as CSV', method: 'GET', url: (id) => `/insight/effort.csv?part=series&survey=${id}` },
  {
    name: 'values of an attribute',
    method: 'GET',
    url: (id) => `/insight/attribute-values?attribute=topic&survey=${id}`,
  },
  {
    name: 'a copy of a survey',
    method: 'POST',
    url: () => '/surveys',
    body: (copyOf) => ({ name: 'A copy', copyOf }),
  },
]

for (const { name, method, url, body } of elsewhere) {
  test(`${name} is there for its own workspace and for no other`, async () => {
    const { id } = theirs.paramsFor('', contract.surveys.get)
    const replies = [theirKey, ourKey].map((key) =>
      house.app.inject({
        method,
        url: `/api/v1${url(id!)}`,
        headers: withKey(key),
        payload: body?.(id!),
      }),
    )
    const [there, not] = await Promise.all(replies)
    assert.ok(there!.statusCode < 300, there!.body)
    assert.equal(not!.statusCode, 404, not!.body)
  })
}

test('an answer to the survey of another workspace is refused as one that is not there', async () => {
  const { id } = theirs.paramsFor('', contract.surveys.get)
  const send = async (key: string, survey: string) => {
    const headers = withKey(key)
    const reply = await house.app.inject({
      method: 'POST',
      url: '/api/v1/responses',
      headers,
      payload: { survey, score: 7 },
    })
    const { code, results } = reply.json()
    return code ?? results[0].code ?? results[0].status
  }
  assert.equal(await send(theirKey, id!), 'accepted')
  assert.equal(await send(ourKey, id!), await send(ourKey, uuidv7()))
})

test('nobody switches to a workspace that is not theirs', async () => {
  const me = await house.app.inject({
    url: '/api/v1/me',
    headers: { host: their.host, cookie: their.cookie },
  })
  const workspaceId = me.json().workspaces[0].id
  const headers = { host: our.host, ...asMember(our) }
  const url = '/api/v1/workspace-switches'
  const reply = await house.app.inject({ method: 'POST', url, headers, payload: { workspaceId } })
  assert.equal(reply.statusCode, 404, reply.body)
})

test('there is something to ask for', () => assert.ok(entries.length > 15))
