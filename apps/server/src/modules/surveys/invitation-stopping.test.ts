import assert from 'node:assert/strict'
import { test } from 'node:test'
import { insertExampleInvitation, type ExampleInvitation } from './example-invitations.ts'
import {
  smtp,
  house,
  sql,
  owner,
  workspaceId,
  survey,
  host,
  dayMs,
  putOff,
  invite,
  rowOf,
  open,
  post,
} from './example-inviting.ts'

test('a GET never unsubscribes, one click without a cookie does, and it can be taken back', async () => {
  const sent = await invite({ reminderDays: [1] })
  const path = `/unsubscribe/${sent.token}`
  assert.equal((await open(path)).statusCode, 200)
  assert.equal((await rowOf(sent.id))['state'], 'sent')
  for (const [type, body] of [
    ['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'],
    [
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
  ]) {
    const headers = { host, 'content-type': type!, origin: 'https://mail.example', 'sec-fetch-site': 'cross-site' }
    const reply = await house.app.inject({ method: 'POST', url: path, headers, payload: body! })
    assert.equal(reply.statusCode, 200, reply.body)
  }
  assert.equal((await rowOf(sent.id))['state'], 'unsubscribed')
  const listed = (await owner.ask('GET', '/suppressions')).json().items as { address: string; reason: string }[]
  assert.ok(
    listed.some(({ address, reason }) => address.includes(sent.customerId.slice(0, 8)) && reason === 'unsubscribed'),
  )
  house.clock.advance(2 * dayMs)
  await house.due.drain()
  assert.equal(smtp.received.length, 1)
  const again = await post(path, { again: 'yes' })
  assert.equal(again.statusCode, 200)
  assert.equal((await rowOf(sent.id))['state'], 'sent')
})

test('the address that was written to is the one that stops, and a forgotten one is not said to', async () => {
  const sent = await invite()
  const { rows } = await sql.query('select recipient from mails where subject_id = $1', [sent.id])
  await sql.query(`update customers set email = 'corrected@kupec.example' where id = $1`, [sent.customerId])
  await post(`/unsubscribe/${sent.token}`, { 'List-Unsubscribe': 'One-Click' })
  const { rows: stopped } = await sql.query('select address from suppressions where address = any($1)', [
    [rows[0].recipient, 'corrected@kupec.example'],
  ])
  assert.equal(stopped.length, 2)

  const erased = await invite()
  await owner.ask('DELETE', `/customers/${erased.customerId}`)
  const page = await post(`/unsubscribe/${erased.token}`, { 'List-Unsubscribe': 'One-Click' })
  assert.match(page.body, /je pozabilo, komu je bilo to sporočilo poslano/)
})

test('nobody is written to who is on the list, has no address, or whose survey or programme has ended', async () => {
  await owner.ask('POST', '/suppressions', { address: 'never@kupec.example' })
  const never = await invite({ email: 'never@kupec.example' })
  const nowhere = await invite({ email: null })
  const { id: surveyId } = await survey()
  await owner.ask('PUT', `/surveys/${surveyId}/state`, { state: 'archived' })
  const closed = await insertExampleInvitation(sql, { workspaceId, surveyId, dueAt: house.clock.now() })
  const { id: open } = await survey()
  const off = await insertExampleInvitation(sql, { workspaceId, surveyId: open, dueAt: house.clock.now() })
  await sql.query(`update programmes set state = 'off' where id = $1`, [off.programmeId])
  await house.due.drain()
  const rules = await Promise.all([never, nowhere, closed, off].map(async ({ id }) => (await rowOf(id))['not_asked']))
  assert.deepEqual(rules, ['suppressed', 'no_address', 'survey_closed', 'programme_off'])
  assert.equal(smtp.received.length, 0)
})

test('what waits for a mail server is looked at once more before it is sent', async () => {
  const changes = {
    programme_off: 'delete from programmes where id = $1',
    survey_closed: `update surveys set state = 'archived' where id = (select survey_id from programmes where id = $1)`,
    open_problem: `insert into touchpoints (workspace_id, id, kind, customer_id, started_at, attributes, created_at)
      select i.workspace_id, gen_random_uuid(), 'ticket', i.customer_id, i.decided_at, '{}', i.decided_at
      from invitations i where i.programme_id = $1`,
  }
  for (const [rule, change] of Object.entries(changes)) {
    smtp.refuse = putOff
    const sent = await invite({ reminderDays: [1] })
    assert.equal((await rowOf(sent.id))['state'], 'queued')
    smtp.refuse = () => undefined
    await sql.query(change, [sent.programmeId])
    house.clock.advance(60_000)
    await house.due.drain()
    assert.deepEqual([(await rowOf(sent.id))['not_asked'], smtp.received.length], [rule, 0])
  }
})

test('whoever unsubscribes while the mail waits for the server is not written to', async () => {
  smtp.refuse = () => ({ code: 451, message: '4.7.1 later' })
  const sent = await invite({ email: 'soon@kupec.example' })
  assert.equal((await rowOf(sent.id))['state'], 'queued')
  await owner.ask('POST', '/suppressions', { address: 'soon@kupec.example', reason: 'unsubscribed' })
  smtp.refuse = () => undefined
  house.clock.advance(60_000)
  await house.due.drain()
  const row = await rowOf(sent.id)
  assert.deepEqual([row['state'], row['not_asked'], smtp.received.length], ['not_asked', 'unsubscribed', 0])
})

test('an address without anybody is not tried again, neither for this nor for the next invitation', async () => {
  smtp.refuse = () => ({ code: 550, message: '5.1.1 no such user' })
  const sent = await invite({ email: 'gone@kupec.example' })
  assert.equal((await rowOf(sent.id))['state'], 'bounced')
  const { items } = (await owner.ask('GET', '/suppressions?address=gone@kupec.example')).json()
  assert.equal(items[0].reason, 'bounced')
})

test('who could not be written to for days has not bounced, and is written to when somebody wants it', async () => {
  smtp.refuseSender = () => ({ code: 550, message: '5.7.1 not your address' })
  const { id } = await invite({ email: 'patient@kupec.example' })
  assert.equal((await rowOf(id))['state'], 'queued')
  house.clock.advance(6 * 86_400_000)
  await house.due.drain()
  const late = await rowOf(id)
  assert.deepEqual([late['state'], late['claimed_at'], late['bounced_at']], ['expired', null, null])
  const { items } = (await owner.ask('GET', '/suppressions?address=patient@kupec.example')).json()
  assert.equal(items.length, 0)
  smtp.refuseSender = () => undefined
  const { rows } = await sql.query('select id from mails where subject_id = $1', [id])
  assert.ok((await owner.ask('POST', `/mails/${rows[0].id}/resend`)).statusCode < 300)
  await house.due.drain()
  assert.equal((await rowOf(id))['state'], 'sent')
})

test('with a customer go the mails to them', async () => {
  const sent = await invite()
  const kept = (await owner.ask('GET', `/customers/${sent.customerId}`)).json()
  assert.equal(kept.invitations[0].id, sent.id)
  assert.equal((await owner.ask('DELETE', `/customers/${sent.customerId}`)).statusCode, 204)
  const { rows } = await sql.query('select from mails where subject_id = $1', [sent.id])
  assert.equal(rows.length, 0)
  assert.equal((await open(`/unsubscribe/${sent.token}`)).statusCode, 200)
  smtp.refuse = putOff
  const queued = await invite()
  await owner.ask('DELETE', `/customers/${queued.customerId}`)
  const { state, not_asked: rule } = await rowOf(queued.id)
  assert.deepEqual([state, rule], ['not_asked', 'no_address'])
})

test('what somebody said as one customer holds for all who they are, and for none once they are two again', async () => {
  const { id: surveyId } = await survey()
  const [work, home] = [await invite({ language: 'en' }), await invite({ language: 'en' })]
  const about = async ({ customerId }: ExampleInvitation) => {
    const next = await insertExampleInvitation(sql, { workspaceId, surveyId, dueAt: house.clock.now() })
    await sql.query('update invitations set customer_id = $1 where id = $2', [customerId, next.id])
    await house.due.drain()
    const row = await rowOf(next.id)
    return row['not_asked'] ?? row['state']
  }
  const merge = async (method: 'PUT' | 'DELETE') => {
    const body = method === 'PUT' ? { intoId: home.customerId } : undefined
    const reply = await owner.ask(method, `/customers/${work.customerId}/merge`, body)
    assert.ok(reply.statusCode < 300, reply.body)
  }
  const [pathOfWork, pathOfHome] = [work, home].map(({ token }) => `/unsubscribe/${token}`)
  await post(pathOfWork!, { wish: 'pause' })
  assert.equal(await about(home), 'sent')
  await merge('PUT')
  assert.equal(await about(home), 'unsubscribed')
  await merge('DELETE')
  assert.equal(await about(home), 'sent')
  await merge('PUT')
  assert.match((await post(pathOfHome!, { wish: 'resume' })).body, /Your wish is kept/)
  assert.equal(await about(work), 'sent', 'resumed by the other name')

  await post(pathOfWork!, { 'List-Unsubscribe': 'One-Click' })
  assert.equal(await about(home), 'unsubscribed')
  await merge('DELETE')
  assert.equal(await about(home), 'sent')
  await merge('PUT')
  await post(pathOfHome!, { again: 'yes' })
  assert.deepEqual([await about(home), await about(work)], ['sent', 'sent'])
})

test('whoever wants less is asked less: not this question, or not before a month', async () => {
  const sent = await invite({ reminderDays: [1], language: 'en' })
  const path = `/unsubscribe/${sent.token}`
  const { surveyId, customerId } = sent
  assert.match((await open(path)).body, /You may be asked this\./)
  const refused = await post(path, { wish: `not:${surveyId}` })
  assert.match(refused.body, /Your wish is kept/)
  assert.match(refused.body, /You are not asked this\./)
  const { askingPreferences } = (await owner.ask('GET', `/customers/${customerId}`)).json()
  assert.deepEqual(askingPreferences, [{ surveyId, until: null, at: house.clock.now().toISOString() }])
  assert.equal((await rowOf(sent.id))['state'], 'sent')
  house.clock.advance(2 * dayMs)
  await house.due.drain()
  assert.equal(smtp.received.length, 1, 'no reminder of a question that is not wanted')
  const about = async (survey: string) => {
    const next = await insertExampleInvitation(sql, { workspaceId, surveyId: survey, dueAt: house.clock.now() })
    await sql.query('update customers set email = null where id = $1', [next.customerId])
    await sql.query('update invitations set customer_id = $1 where id = $2', [customerId, next.id])
    await house.due.drain()
    return (await rowOf(next.id))['not_asked'] ?? (await rowOf(next.id))['state']
  }
  const { id: other } = await survey()
  assert.deepEqual([await about(surveyId), await about(other)], ['unsubscribed', 'sent'])
  assert.match((await post(path, { wish: 'pause' })).body, /You are not asked before/)
  assert.equal(await about(other), 'unsubscribed')
  house.clock.advance(31 * dayMs)
  assert.equal(await about(other), 'sent')
  await post(path, { wish: 'pause' })
  await post(path, { wish: 'resume' })
  await post(path, { wish: `ask:${surveyId}` })
  assert.deepEqual([await about(surveyId), await about(other)], ['sent', 'sent'])
  assert.equal((await post(path, { wish: `not:${workspaceId}` })).statusCode, 200)
  const kept = await sql.query('select from asking_preferences where customer_id = $1', [customerId])
  assert.equal(kept.rows.length, 0)
})
