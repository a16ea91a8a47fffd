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
type Sent = { status: number; body: { status?: string; id?: string; code?: string } }

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
  assert.deepEqual((await sendZendesk(hook.id, event('PENDING'), secret)).body, { status: 'ignored', id: null })
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
