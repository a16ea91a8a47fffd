import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { createClient, type ApiProblem, type Client } from '@lahko/contract/client'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { keyOf, testWorkspace, type TestWorkspace } from '../../testing/workspace.ts'
import { isSigned } from './inbound-signatures.ts'

let house: TestHouse
let workspace: TestWorkspace
let api: Client

before(async () => {
  house = await testHouse({ LAHKO_SIGNUP: 'open' })
  const baseUrl = await house.app.listen({ port: 0, host: '127.0.0.1' })
  workspace = await testWorkspace(house, 'ours')
  api = createClient({ baseUrl, key: await keyOf(house, workspace), language: 'en' })
})
after(() => house.close())

type System = 'zendesk' | 'freshdesk' | 'zammad'
type Sent = { status: number; body: { status?: string; id?: string; code?: string; reason?: string | null } }

/** What a help desk does: it has no key and no cookie. */
async function send(system: System, id: string, payload: string, headers: Record<string, string>): Promise<Sent> {
  const reply = await house.app.inject({
    method: 'POST',
    url: `/api/v1/inbound/${system}/${id}`,
    headers: { host: workspace.host, 'content-type': 'application/json', ...headers },
    payload,
  })
  return { status: reply.statusCode, body: reply.json() as Sent['body'] }
}

const sendZendesk = (id: string, payload: string, secret: string) => {
  const at = '2026-11-20T09:58:00Z'
  const signature = createHmac('sha256', secret)
    .update(at + payload)
    .digest('base64')
  return send('zendesk', id, payload, {
    'x-zendesk-webhook-signature': signature,
    'x-zendesk-webhook-signature-timestamp': at,
  })
}
const sendZammad = (id: string, payload: string, secret: string) => {
  const signature = createHmac('sha1', secret).update(payload).digest('hex')
  return send('zammad', id, payload, { 'x-hub-signature': `sha1=${signature}`, 'x-zammad-delivery': 'a-1' })
}
const sendFreshdesk = (id: string, payload: string, secret: string) =>
  send('freshdesk', id, payload, { 'x-lahko-token': secret })

const get = (id: string | undefined) => api.touchpoints.get({ params: { id: id! } })

test('an address has a secret that is shown once, a new one ends the old, and a removed one takes nothing', async () => {
  const { secret, hook } = await api.touchpoints.createHook({ body: { system: 'freshdesk', name: 'Support' } })
  assert.ok(secret!.length >= 32)
  assert.match(hook.url!, new RegExp(`/api/v1/inbound/freshdesk/${hook.id}$`))
  const listed = await api.touchpoints.listHooks()
  assert.ok(!JSON.stringify(listed).includes(secret!))
  assert.deepEqual(listed.items[0], { ...hook, lastReceivedAt: null })

  const solved = JSON.stringify({ freshdesk_webhook: { ticket_id: 1, ticket_status: 'Closed' } })
  assert.equal((await sendFreshdesk(hook.id, solved, secret!)).status, 200)
  assert.equal((await api.touchpoints.listHooks()).items[0]!.lastReceivedAt, house.clock.now().toISOString())
  const params = { id: hook.id }
  const { secret: next } = await api.touchpoints.setHookSecret({ params, body: {} })
  assert.equal((await sendFreshdesk(hook.id, solved, secret!)).status, 401)
  assert.equal((await sendFreshdesk(hook.id, solved, next!)).body.status, 'repeated')
  await api.touchpoints.removeHook({ params })
  assert.equal((await sendFreshdesk(hook.id, solved, next!)).status, 404)
  await assert.rejects(
    api.touchpoints.removeHook({ params }),
    (error) => (error as ApiProblem).problem.code === 'platform.not_found',
  )
})

test('Zendesk signs its timestamp and its body', () => {
  // base64(HMACSHA256(TIMESTAMP + BODY)); a page that Zendesk has replaced had them the other way round.
  const headers = {
    'x-zendesk-webhook-signature': 'Rry/4TtIdFyawtXXp8QdI6tlAUUQ/5kL1OTp5qo/ZIk=',
    'x-zendesk-webhook-signature-timestamp': '2021-07-25T10:00:00Z',
  }
  const secret = 'HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA='
  const body = Buffer.from('{"say": "hello"}')
  assert.equal(isSigned('zendesk', secret, headers, body), true)
  assert.equal(isSigned('zendesk', 'another', headers, body), false)
  assert.equal(isSigned('zendesk', secret, headers, Buffer.from('{"say": "hallo"}')), false)
  assert.equal(isSigned('zendesk', secret, {}, body), false)
})

test('a ticket that a trigger of Zendesk reports as solved is a touchpoint', async () => {
  const { secret: none, hook } = await api.touchpoints.createHook({ body: { system: 'zendesk', name: 'Zendesk' } })
  assert.deepEqual([none, hook.hasSecret], [null, false])
  const payload = JSON.stringify({
    ticket: {
      id: '5158',
      status: 'Solved',
      created_at: '2026-11-19T08:00:00Z',
      updated_at: '2026-11-20T09:57:00Z',
      via: 'Mail',
      group: 'North',
      assignee: 'Bor Kos',
      organization: 'Kupec',
      requester: { id: '77', name: 'Ana Novak', email: 'Ana@kupec.example', phone: '', language: 'Slovenian' },
    },
  })
  const secret = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=='
  assert.equal((await sendZendesk(hook.id, payload, secret)).body.code, 'touchpoints.bad_signature')
  const set = await api.touchpoints.setHookSecret({ params: { id: hook.id }, body: { secret } })
  assert.deepEqual([set.secret, set.hook.hasSecret], [null, true])
  const { status, body } = await sendZendesk(hook.id, payload, secret)
  assert.deepEqual([status, body.status], [200, 'accepted'])
  const { externalId, kind, startedAt, endedAt, attributes, customer } = await get(body.id)
  assert.deepEqual(
    [externalId, kind, startedAt, endedAt],
    ['zendesk:5158', 'ticket', '2026-11-19T08:00:00.000Z', '2026-11-20T09:57:00.000Z'],
  )
  assert.deepEqual(attributes, { outcome: 'solved', channel: 'Mail', team: 'North', agent: 'Bor Kos' })
  assert.deepEqual([customer!.name, customer!.email, customer!.externalId], ['Ana Novak', 'ana@kupec.example', null])
  assert.equal((await sendZendesk(hook.id, payload, secret)).body.status, 'repeated')
})

test('an event of Zendesk that says a ticket is solved is one too; others are ignored', async () => {
  const { hook } = await api.touchpoints.createHook({ body: { system: 'zendesk', name: 'Events' } })
  const secret = 'another secret'
  await api.touchpoints.setHookSecret({ params: { id: hook.id }, body: { secret } })
  // https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events/
  const event = (current: string) =>
    JSON.stringify({
      account_id: 22129848,
      detail: {
        actor_id: '8447388090494',
        assignee_id: '8447388090494',
        created_at: '2026-11-20T07:00:00Z',
        external_id: null,
        group_id: '8447320466430',
        id: '5159',
        organization_id: null,
        priority: 'LOW',
        requester_id: '8447388090495',
        status: current,
        subject: 'Where is my order',
        tags: [],
        updated_at: '2026-11-20T08:30:00Z',
        via: { channel: 'web_service' },
      },
      event: { current, previous: 'OPEN' },
      id: 'b3a5e1f0-0000-4000-8000-000000000000',
      subject: 'zen:ticket:5159',
      time: '2026-11-20T08:30:00Z',
      type: 'zen:event-type:ticket.status_changed',
      zendesk_event_version: '2022-11-06',
    })
  assert.deepEqual((await sendZendesk(hook.id, event('PENDING'), secret)).body, {
    ...{ status: 'ignored', id: null, reason: 'not_solved' },
  })
  const { body } = await sendZendesk(hook.id, event('SOLVED'), secret)
  const { externalId, endedAt, attributes, customer } = await get(body.id)
  assert.deepEqual([externalId, endedAt], ['zendesk:5159', '2026-11-20T08:30:00.000Z'])
  assert.deepEqual(attributes, { outcome: 'solved', channel: 'web_service' })
  assert.equal(customer!.externalId, 'zendesk:8447388090495')
})

test('a ticket that Zammad reports as closed is a touchpoint', async () => {
  const { secret, hook } = await api.touchpoints.createHook({ body: { system: 'zammad', name: 'Zammad' } })
  // The payload of https://admin-docs.zammad.org/en/latest/manage/webhook/payload.html, shortened.
  const payload = (state: unknown) =>
    JSON.stringify({
      ticket: {
        article_count: 1,
        article_ids: [104],
        close_at: '2026-11-20T09:00:00.123Z',
        create_article_sender: 'Customer',
        create_article_type: 'phone',
        created_at: '2026-11-13T14:34:35.282Z',
        customer: {
          id: 8,
          active: true,
          email: 'samuel@example.com',
          firstname: 'Samuel',
          lastname: 'Lee',
          login: 'samuel@example.com',
          mobile: '',
          phone: '+61 2 9250 7111',
        },
        group: { id: 3, name: 'Sales', active: true },
        id: 81,
        number: '10081',
        organization: { id: 2, name: 'Chrispresso Inc.' },
        owner: { id: 3, firstname: 'Christopher', lastname: 'Miller', email: 'chris@chrispresso.com' },
        state,
        title: 'Test ticket',
        updated_at: '2026-11-20T09:00:01.000Z',
      },
      article: { id: 104, body: 'Something', sender: 'Customer' },
    })
  assert.equal((await sendZammad(hook.id, payload('open'), secret!)).body.status, 'ignored')
  const { status, body } = await sendZammad(hook.id, payload('closed'), secret!)
  assert.deepEqual([status, body.status], [200, 'accepted'])
  const { externalId, startedAt, endedAt, attributes, customer } = await get(body.id)
  assert.deepEqual(
    [externalId, startedAt, endedAt],
    ['zammad:10081', '2026-11-13T14:34:35.282Z', '2026-11-20T09:00:00.123Z'],
  )
  assert.deepEqual(attributes, { outcome: 'closed', channel: 'phone', team: 'Sales', agent: 'Christopher Miller' })
  const [kept] = (await api.people.listCustomers({ query: { email: customer!.email! } })).items
  assert.deepEqual(
    [kept!.id, kept!.name, kept!.phone, kept!.organisation],
    [customer!.id, 'Samuel Lee', '+61292507111', 'Chrispresso Inc.'],
  )
  assert.equal((await sendZammad(hook.id, payload({ id: 4, name: 'closed' }), secret!)).body.status, 'repeated')
  assert.equal((await sendZammad(hook.id, payload('closed'), 'not it')).status, 401)
})

test('a ticket that an automation of Freshdesk reports as resolved is a touchpoint that ends now', async () => {
  const { secret, hook } = await api.touchpoints.createHook({ body: { system: 'freshdesk', name: 'Freshdesk' } })
  const payload = JSON.stringify({
    freshdesk_webhook: {
      ticket_id: 123,
      ticket_subject: 'Support needed',
      ticket_status: 'Resolved',
      ticket_source: 'Email',
      ticket_type: 'Incident',
      ticket_group_name: 'North',
      ticket_agent_name: 'Bor',
      ticket_requester_name: 'John Doe',
      ticket_requester_email: 'john@example.com',
      ticket_requester_phone: 'none',
    },
  })
  const { status, body } = await sendFreshdesk(hook.id, payload, secret!)
  assert.deepEqual([status, body.status], [200, 'accepted'])
  const { externalId, endedAt, attributes, customer } = await get(body.id)
  assert.deepEqual([externalId, endedAt], ['freshdesk:123', house.clock.now().toISOString()])
  assert.deepEqual(attributes, {
    outcome: 'resolved',
    channel: 'Email',
    topic: 'Incident',
    team: 'North',
    agent: 'Bor',
  })
  assert.equal(customer!.email, 'john@example.com')
  const now = {
    ticket_id: 124,
    ticket_status: 'Closed',
    ticket_contact_name: 'Jane Doe',
    ticket_contact_email: 'jane@example.com',
    ticket_contact_phone: '+386 40 123 456',
    ticket_requester_company_name: 'Doe & Sons',
  }
  const other = await sendFreshdesk(hook.id, JSON.stringify({ freshdesk_webhook: now }), secret!)
  const { customer: jane } = await get(other.body.id)
  const [kept] = (await api.people.listCustomers({ query: { email: 'jane@example.com' } })).items
  assert.deepEqual(
    [kept!.id, kept!.name, kept!.phone, kept!.organisation],
    [jane!.id, 'Jane Doe', '+38640123456', 'Doe & Sons'],
  )
})

test('a ticket is kept whatever the address of its requester is like', async () => {
  const freshdesk = await api.touchpoints.createHook({ body: { system: 'freshdesk', name: 'Addresses' } })
  const zammad = await api.touchpoints.createHook({ body: { system: 'zammad', name: 'Addresses' } })
  const zendesk = await api.touchpoints.createHook({ body: { system: 'zendesk', name: 'Addresses' } })
  await api.touchpoints.setHookSecret({ params: { id: zendesk.hook.id }, body: { secret: 'a secret' } })
  const sent = (email: string, id: string) => [
    sendFreshdesk(
      freshdesk.hook.id,
      JSON.stringify({
        freshdesk_webhook: { ticket_id: id, ticket_status: 'Closed', ticket_requester_email: email },
      }),
      freshdesk.secret!,
    ),
    sendZammad(
      zammad.hook.id,
      JSON.stringify({ ticket: { number: id, state: 'closed', customer: { id: 8, email } } }),
      zammad.secret!,
    ),
    sendZendesk(
      zendesk.hook.id,
      JSON.stringify({ ticket: { id, status: 'solved', requester: { id: '8', name: 'Ana', email } } }),
      'a secret',
    ),
  ]
  const emails = async (email: string, id: string) => {
    const replies = await Promise.all(sent(email, id))
    const kept = await Promise.all(replies.map(({ body }) => get(body.id)))
    return kept.map(({ customer }) => customer?.email ?? null)
  }
  const ascii = 'ana@xn--ebela-gya.si'
  assert.deepEqual(await emails('Ana@čebela.si', 'odd-1'), [ascii, ascii, ascii])
  // Few servers take letters beyond ASCII before the @: nobody could be written to there.
  assert.deepEqual(await emails('žiga@podjetje.example', 'odd-2'), [null, null, null])
  assert.deepEqual(await emails('a"b@x', 'odd-3'), [null, null, null])
})

test('what cannot be read says why, and another system’s address is not there', async () => {
  const { secret, hook } = await api.touchpoints.createHook({ body: { system: 'freshdesk', name: 'Freshdesk' } })
  const said = async (payload: string) => {
    const { status, body } = await sendFreshdesk(hook.id, payload, secret!)
    return [status, body.code ?? body.status]
  }
  assert.deepEqual(await said('ticket_id=1'), [400, 'touchpoints.not_json'])
  assert.deepEqual(await said('{"freshdesk_webhook":{"ticket_status":"Closed"}}'), [400, 'touchpoints.not_a_ticket'])
  assert.deepEqual(await said('[]'), [200, 'ignored'])
  assert.deepEqual(await said('null'), [200, 'ignored'])
  assert.deepEqual(await said(JSON.stringify({ x: 'x'.repeat(1024 * 1024) })), [413, 'platform.body_too_large'])
  const odd = {
    ticket_id: 9,
    ticket_status: 'Closed',
    ticket_agent_name: `\u0000${'ž'.repeat(300)}`,
    ticket_requester_email: 'no address@',
  }
  const reply = await sendFreshdesk(hook.id, JSON.stringify({ freshdesk_webhook: odd }), secret!)
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
  assert.equal((await get(reply.body.id)).customer, null)
  assert.equal((await send('zammad', hook.id, '{}', {})).status, 404)
  assert.equal((await send('freshdesk', hook.id, '{}', {})).status, 401)
})

/** Asks about every touchpoint, an hour after it. @returns what the ledger says of one */
async function askAboutAll() {
  const surveyId = (await api.surveys.list()).items[0]!.id
  const { id } = await api.programmes.create({ body: { name: 'All', surveyId } })
  await api.programmes.setState({ params: { id }, body: { state: 'on' } })
  return async (touchpoint: string) => {
    await house.jobs.settle()
    const { items } = await api.programmes.invitations({ query: { touchpoint } })
    return items.map(({ state }) => state)
  }
}

test('a ticket that is solved no longer takes back the invitation that waits, and is asked about once it is solved', async () => {
  const fateOf = await askAboutAll()
  const zendesk = await api.touchpoints.createHook({ body: { system: 'zendesk', name: 'Reopened' } })
  await api.touchpoints.setHookSecret({ params: { id: zendesk.hook.id }, body: { secret: 'a secret' } })
  const zammad = await api.touchpoints.createHook({ body: { system: 'zammad', name: 'Reopened' } })
  const freshdesk = await api.touchpoints.createHook({ body: { system: 'freshdesk', name: 'Reopened' } })
  const at = (minutes: number) => new Date(house.clock.now().getTime() + minutes * 60_000).toISOString()
  const senders = {
    byTrigger: (status: string, moment: string) => ({
      payload: { ticket: { id: 'r-1', status, updated_at: moment, requester: { email: 'r1@kupec.example' } } },
      send: (text: string) => sendZendesk(zendesk.hook.id, text, 'a secret'),
    }),
    byZammad: (status: string, moment: string) => ({
      payload: {
        ticket: {
          ...{ number: 'r-2', state: status === 'solved' ? 'closed' : status, updated_at: moment, close_at: at(-10) },
          customer: { id: 9, email: 'r2@kupec.example' },
        },
      },
      send: (text: string) => sendZammad(zammad.hook.id, text, zammad.secret!),
    }),
    byFreshdesk: (status: string) => ({
      payload: {
        freshdesk_webhook: {
          ...{ ticket_id: 'r-3', ticket_status: status === 'solved' ? 'Resolved' : status },
          ticket_requester_email: 'r3@kupec.example',
        },
      },
      send: (text: string) => sendFreshdesk(freshdesk.hook.id, text, freshdesk.secret!),
    }),
  }
  for (const [name, made] of Object.entries(senders)) {
    const deliver = (status: string, moment: string) => {
      const { payload, send: sent } = made(status, moment)
      return sent(JSON.stringify(payload))
    }
    assert.equal((await deliver('open', at(-20))).body.reason, 'unknown_ticket', name)
    const solved = await deliver('solved', at(-10))
    assert.equal(solved.body.status, 'accepted', name)
    const { id } = solved.body
    assert.deepEqual(await fateOf(id!), ['waiting'], name)
    assert.deepEqual((await deliver('open', at(-5))).body, { status: 'reopened', id, reason: null }, name)
    assert.equal((await get(id)).endedAt, null, name)
    assert.deepEqual(await fateOf(id!), [], name)
    assert.equal((await deliver('open', at(-5))).body.status, 'repeated', name)
    assert.equal((await deliver('solved', at(-1))).body.status, 'repeated', name)
    assert.deepEqual(await fateOf(id!), ['waiting'], name)
    if (name !== 'byFreshdesk') assert.equal((await get(id)).endedAt, at(-1), name)
    if (name !== 'byFreshdesk') assert.equal((await deliver('open', at(-5))).body.reason, 'older', name)
    // Freshdesk tells no moments.
    if (name === 'byFreshdesk') continue
    assert.equal((await deliver('open', at(-0.5))).body.status, 'reopened', name)
    assert.equal((await deliver('solved', at(-1))).body.reason, 'older', `${name} comes after what opened it again`)
    assert.equal((await get(id)).endedAt, null, name)
    assert.equal((await deliver('solved', at(0))).body.status, 'repeated', name)
    assert.equal((await get(id)).endedAt, at(0), name)
  }
})

test('an event of Zendesk opens a ticket again only when it was solved before', async () => {
  const { hook } = await api.touchpoints.createHook({ body: { system: 'zendesk', name: 'Events again' } })
  await api.touchpoints.setHookSecret({ params: { id: hook.id }, body: { secret: 'a secret' } })
  const event = (previous: string, current: string, time: string) =>
    JSON.stringify({ detail: { id: 'e-1', status: current }, event: { previous, current }, time })
  const said = async (...given: [string, string, string]) =>
    (await sendZendesk(hook.id, event(...given), 'a secret')).body
  const { id } = await said('OPEN', 'SOLVED', '2026-11-20T08:30:00Z')
  assert.equal((await said('OPEN', 'PENDING', '2026-11-20T08:40:00Z')).reason, 'not_solved')
  assert.notEqual((await get(id)).endedAt, null)
  assert.equal((await said('SOLVED', 'OPEN', '2026-11-20T08:40:00Z')).status, 'reopened')
  assert.equal((await get(id)).endedAt, null)
})

test('what nothing became of is listed with the reason, paged, the last 200 of each address', async () => {
  const { secret, hook } = await api.touchpoints.createHook({ body: { system: 'zammad', name: 'Untaken' } })
  const other = await api.touchpoints.createHook({ body: { system: 'zammad', name: 'Other' } })
  const list = (query: { limit?: number; after?: string } = {}) =>
    api.touchpoints.listUntaken({ params: { id: hook.id }, query })
  const ticket = (number: string, state: string) => JSON.stringify({ ticket: { number, state } })
  await sendZammad(hook.id, ticket('1', 'merged'), secret!)
  await sendZammad(hook.id, '{}', secret!)
  await sendZammad(hook.id, 'ticket=1', secret!)
  await sendZammad(hook.id, JSON.stringify({ ticket: { state: 'closed' } }), secret!)
  // Anybody may send these.
  await sendZammad(hook.id, ticket('2', 'closed'), 'not it')
  await sendZammad(hook.id, ticket('3', 'closed'), 'not it')
  const { items } = await list()
  assert.deepEqual(
    items.map(({ reason, ticket: which, status }) => [reason, which, status]),
    [
      ['bad_signature', null, null],
      ['not_a_ticket', null, 'closed'],
      ['not_json', null, null],
      ['no_ticket', null, null],
      ['not_solved', 'zammad:1', 'merged'],
    ],
  )
  const first = await list({ limit: 2 })
  assert.deepEqual((await list({ limit: 2, after: first.next! })).items, items.slice(2, 4))
  assert.deepEqual((await api.touchpoints.listUntaken({ params: { id: other.hook.id } })).items, [])
  for (let number = 0; number < 200; number++) await sendZammad(hook.id, ticket(`m-${number}`, 'merged'), secret!)
  const kept = await list({ limit: 200 })
  assert.deepEqual([kept.items.length, kept.next, kept.items.at(-1)!.ticket], [200, null, 'zammad:m-0'])
})
