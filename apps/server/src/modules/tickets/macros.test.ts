import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Macro } from '@lahko/contract/macros'
import type { TakenBack, Ticket } from '@lahko/contract/tickets'
import { permissionsOfRole } from '@lahko/contract/permissions'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { testWorkspace, type TestWorkspace } from '../../testing/workspace.ts'

let house: TestHouse
let own: TestWorkspace

before(async () => {
  house = await testHouse()
  own = await testWorkspace(house, 'macros')
})
after(() => house.close())

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
const send = (method: Method, url: string, payload?: object, headers: Record<string, string> = {}) =>
  house.app.inject({
    ...{ method, url: `/api/v1${url}`, payload },
    headers: { host: own.host, cookie: own.cookie, 'sec-fetch-site': 'same-origin', ...headers },
  })
async function ask<T>(...given: Parameters<typeof send>): Promise<T> {
  const reply = await send(...given)
  assert.ok(reply.statusCode < 300, reply.body)
  return (reply.body === '' ? undefined : reply.json()) as T
}

test('a macro speaks the customer’s language, fills in what is known, and counts its uses', async () => {
  const texts = {
    en: 'Hello {customer.name|there}, {ticket.number} {agent} {company}',
    sl: 'Pozdravljeni, {customer.name|stranka}',
  }
  const macro = await ask<Macro>('POST', '/macros', {
    name: 'Hello',
    texts,
    actions: { status: 'solved', addTags: ['Zip'] },
  })
  assert.deepEqual([macro.shared, macro.used, macro.actions.addTags], [true, 0, ['zip']])
  const from = { name: 'Nives', address: 'nives@mail.example' }
  const ticket = await ask<Ticket>('POST', '/tickets', { subject: 'Zip', text: 'x', from })
  const fill = () => ask<{ text: string; language: string }>('GET', `/macros/${macro.id}/text/${ticket.id}`)
  assert.deepEqual(
    [(await fill()).text, (await fill()).language],
    [`Hello Nives, ${ticket.number} Ana Kovač macros`, 'en'],
  )
  await ask('PUT', `/macros/${macro.id}`, { name: 'Hello', texts: { nb: 'Hei {customer.organisation|du}' } })
  assert.deepEqual([(await fill()).text, (await fill()).language], ['Hei du', 'nb'])
  await ask('POST', `/tickets/${ticket.id}/messages`, { kind: 'note', text: 'Hei', macroId: macro.id })
  const { items } = await ask<{ items: Macro[] }>('GET', '/macros?search=hel')
  assert.equal(items[0]!.used, 1)
})

test('a reply that is taken back is the draft of its macro again, which was not used', async () => {
  const macro = await ask<Macro>('POST', '/macros', { name: 'Solve', texts: { en: 'Done.' }, actions: { topic: 'x' } })
  const from = { name: 'Nives', address: 'nives@mail.example' }
  const { id } = await ask<Ticket>('POST', '/tickets', { subject: 'Zip', text: 'x', from })
  const write = () =>
    ask<{ id: string }>('POST', `/tickets/${id}/messages`, { kind: 'reply', text: 'Done.', macroId: macro.id })
  const used = async () => (await ask<{ items: Macro[] }>('GET', '/macros?search=solve')).items[0]!.used
  const first = await write()
  await write()
  assert.equal(await used(), 2)
  const taken = await ask<TakenBack>('DELETE', `/ticket-messages/${first.id}`)
  assert.deepEqual([taken.macroId, (await ask<Ticket>('GET', `/tickets/${id}`)).draft?.macroId], [macro.id, macro.id])
  assert.equal(await used(), 1)
  const { name } = await ask<{ name: string }>('GET', `/macros/${macro.id}/text/${id}`)
  assert.equal(name, 'Solve')
})

test('what is wrong with a text is named in its language, and managers alone make macros for all', async () => {
  const post = (given: object, headers?: Record<string, string>) =>
    send('POST', '/macros', { name: 'X', ...given }, headers)
  for (const [texts, code, field] of [
    [{ sl: '{customer.name}' }, 'macros.fallback_missing', '/body/texts/sl'],
    [{ en: '{customer.email|x}' }, 'macros.unknown_variable', '/body/texts/en'],
    [{ en: 'a { b' }, 'macros.stray_brace', '/body/texts/en'],
  ] as const) {
    const reply = await post({ texts })
    assert.deepEqual([reply.statusCode, reply.json().code, reply.json().errors[0].field], [400, code, field])
  }
  assert.equal((await post({ texts: {} })).json().errors[0].field, '/body/texts')
  const scopes = [...permissionsOfRole.agent]
  const { key } = await ask<{ key: string }>('POST', '/keys', { name: 'Agent', scopes })
  const agent = { authorization: `Bearer ${key}`, cookie: '' }
  assert.equal((await post({ texts: { en: 'x' } }, agent)).json().code, 'macros.managers_only')
  const mine = await ask<Macro>('POST', '/macros', { name: 'Mine', shared: false, texts: { en: 'x' } })
  assert.equal((await send('DELETE', `/macros/${mine.id}`, undefined, agent)).statusCode, 404)
  await ask('DELETE', `/macros/${mine.id}`)
})

test('macros are paged by name', async () => {
  for (const name of ['b', 'a', 'a', 'č']) await ask('POST', '/macros', { name, texts: { en: 'x' } })
  const whole = await ask<{ items: Macro[] }>('GET', '/macros')
  const seen: string[] = []
  for (let after: string | null = ''; after !== null;) {
    const page: { items: Macro[]; next: string | null } = await ask(
      'GET',
      `/macros?limit=2${after && `&after=${after}`}`,
    )
    seen.push(...page.items.map(({ id }) => id))
    after = page.next
  }
  assert.deepEqual(
    seen,
    whole.items.map(({ id }) => id),
  )
})
