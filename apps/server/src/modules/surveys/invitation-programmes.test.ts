import assert from 'node:assert/strict'
import type { Funnel } from '@lahko/contract/programmes'
import { test } from 'node:test'
import { untilWaiting } from '#platform/testing/waiting.ts'
import { system, type Scope } from '#platform/store.ts'
import { hiddenIn } from './example-forms.ts'
import { insertExampleInvitation } from './example-invitations.ts'
import { invitationMails } from './invitation-sending.ts'
import { continueTouchpoint } from './withdrawing.ts'
import {
  smtp,
  house,
  sql,
  owner,
  workspaceId,
  survey,
  dayMs,
  putOff,
  invite,
  rowOf,
  answersTo,
  open,
  post,
} from './example-inviting.ts'

const turn = (id: string, state: 'on' | 'off') => owner.ask('PUT', `/programmes/${id}/state`, { state, callBack: true })
async function inFunnel(id: string) {
  const { touchpoint_id: touchpoint } = await rowOf(id)
  const funnel = (await owner.ask('GET', `/invitations/funnel?touchpoint=${String(touchpoint)}`)).json<Funnel>()
  assert.equal(funnel.touchpoints, 1)
  return funnel.states.filter(({ count }) => count > 0).map(({ state, count }) => [state, count])
}

test('a mail whose turn came while its programme was off goes out once when that is undone', async () => {
  for (const undo of ['turn', 'restore']) {
    smtp.refuse = putOff
    const { id, programmeId } = await invite()
    if (undo === 'turn') await turn(programmeId, 'off')
    else await owner.ask('DELETE', `/programmes/${programmeId}`)
    smtp.refuse = () => undefined
    house.clock.advance(60_000)
    await house.due.drain()
    assert.deepEqual(await inFunnel(id), [['not_asked', 1]])
    const before = smtp.received.length
    const back = () =>
      undo === 'turn' ? turn(programmeId, 'on') : owner.ask('PUT', `/programmes/${programmeId}/restoration`)
    for (let times = 0; times < 2; times++) assert.equal((await back()).statusCode, 200)
    assert.deepEqual(await inFunnel(id), [['queued', 1]])
    await house.due.drain()
    house.clock.advance(60_000)
    await house.due.drain()
    assert.deepEqual([await inFunnel(id), smtp.received.length], [[['sent', 1]], before + 1])
  }
})

test('what is brought back does not ask whom another programme asked meanwhile', async () => {
  for (const isWritten of [false, true]) {
    if (isWritten) smtp.refuse = putOff
    const wish = isWritten ? {} : { dueAt: new Date(house.clock.now().getTime() + dayMs) }
    const [asked, other] = [await invite(wish), await invite(wish)]
    for (const { programmeId } of [asked, other]) await turn(programmeId, 'off')
    const { id: since } = await invite(wish)
    await sql.query(
      "update invitations set customer_id = $2, decided_at = decided_at + interval '1 second' where id = $1",
      [since, asked.customerId],
    )
    for (const { programmeId } of [asked, other]) await turn(programmeId, 'on')
    const states = [await rowOf(asked.id), await rowOf(other.id)].map((row) => [row['state'], row['not_asked']])
    assert.deepEqual(states, [
      ['not_asked', 'programme_off'],
      [isWritten ? 'queued' : 'waiting', null],
    ])
  }
})

test('what stands in the outbox of a programme that goes is called off at once, whether or not a server ever comes', async () => {
  for (const undo of ['turn', 'restore']) {
    smtp.refuse = putOff
    const { id, programmeId } = await invite()
    const mailOf = async () =>
      (await sql.query('select state, called_off, reply from mails where subject_id = $1', [id])).rows[0]
    assert.deepEqual([await inFunnel(id), (await mailOf()).state], [[['queued', 1]], 'waiting'])
    if (undo === 'turn') await turn(programmeId, 'off')
    else await owner.ask('DELETE', `/programmes/${programmeId}`)
    assert.deepEqual(await inFunnel(id), [['not_asked', 1]])
    assert.deepEqual(await mailOf(), { state: 'failed', called_off: true, reply: 'programme_off' })
    if (undo === 'turn') await turn(programmeId, 'on')
    else await owner.ask('PUT', `/programmes/${programmeId}/restoration`)
    assert.deepEqual([await inFunnel(id), (await mailOf()).state], [[['queued', 1]], 'waiting'])
  }
})

test('a reminder whose turn came meanwhile comes once as well, written before or not', async () => {
  for (const isWritten of [false, true]) {
    const { id, programmeId } = await invite({ reminderDays: [3] })
    if (isWritten) smtp.refuse = putOff
    else await turn(programmeId, 'off')
    house.clock.advance(3 * dayMs)
    await house.due.drain()
    if (isWritten) await turn(programmeId, 'off')
    smtp.refuse = () => undefined
    house.clock.advance(60_000)
    await house.due.drain()
    const before = smtp.received.length
    await turn(programmeId, 'on')
    for (let days = 0; days < 3; days++) {
      assert.deepEqual(await inFunnel(id), [['sent', 1]])
      house.clock.advance(60_000)
      await house.due.drain()
      assert.deepEqual([smtp.received.length, (await rowOf(id))['reminders_sent']], [before + 1, 1])
    }
    await turn(programmeId, 'off')
    await turn(programmeId, 'on')
    house.clock.advance(60_000)
    await house.due.drain()
    assert.equal(smtp.received.length, before + 1)
  }
})

test('a reminder keeps to its programme’s hours, and is none after a reply', async () => {
  const sent = await invite({ reminderDays: [3] })
  const hours = { from: '09:00', until: '17:00', days: [1, 2, 3, 4, 5] }
  await sql.query('update programmes set hours = $2 where id = $1', [sent.programmeId, JSON.stringify(hours)])
  // From Friday to Monday.
  const weekday = house.clock.now().getUTCDay()
  house.clock.advance(((5 - weekday + 7) % 7) * dayMs)
  await sql.query('update invitations set next_reminder_at = $2 where id = $1', [
    sent.id,
    new Date(house.clock.now().getTime() + dayMs),
  ])
  house.clock.advance(dayMs)
  await house.due.drain()
  assert.equal(smtp.received.length, 1)
  const next = (await rowOf(sent.id))['next_reminder_at'] as Date
  assert.deepEqual([next.getUTCDay(), next.getTime() > house.clock.now().getTime()], [1, true])
  await sql.query('update invitations set replied_at = $2 where id = $1', [sent.id, house.clock.now()])
  house.clock.advance(3 * dayMs)
  await house.due.drain()
  assert.equal(smtp.received.length, 1)
})

test('a reminder that is refused leaves the invitation as it was', async () => {
  const sent = await invite({ reminderDays: [1] })
  smtp.refuse = () => ({ code: 554, message: '5.7.1 no more of these' })
  house.clock.advance(dayMs)
  await house.due.drain()
  assert.equal((await rowOf(sent.id))['state'], 'sent')
})

test('an answer from elsewhere that counts is an answer, while the invitation waits and before it is sent', async () => {
  const waiting = await survey('ces-10-solved')
  const wish = { workspaceId, surveyId: waiting.id, dueAt: new Date(house.clock.now().getTime() + dayMs) }
  const { id, touchpointExternalId: externalId } = await insertExampleInvitation(sql, wish)
  const answer = { survey: waiting.key, score: 9, touchpoint: { externalId, kind: 'ticket' } }
  await owner.ask('POST', '/responses', answer)
  house.clock.advance(dayMs)
  await house.due.drain()
  assert.deepEqual([(await rowOf(id))['state'], smtp.received.length], ['answered', 0])

  const other = await insertExampleInvitation(sql, { ...wish, dueAt: new Date(house.clock.now().getTime() + dayMs) })
  await owner.ask('POST', '/responses', {
    ...answer,
    touchpoint: { ...answer.touchpoint, externalId: other.touchpointExternalId },
  })
  assert.equal((await rowOf(other.id))['state'], 'answered')
  const { response_id: own } = await rowOf(other.id)
  await owner.ask('PUT', `/responses/${String(own)}/exclusion`, { reason: 'own' })
  assert.equal((await rowOf(other.id))['state'], 'waiting')
  await owner.ask('DELETE', `/responses/${String(own)}/exclusion`)
  assert.deepEqual([(await rowOf(other.id))['state'], (await rowOf(other.id))['response_id']], ['answered', own])
  await owner.ask('PUT', `/responses/${String(own)}/exclusion`, { reason: 'own' })
  house.clock.advance(dayMs)
  await house.due.drain()
  assert.equal((await rowOf(other.id))['state'], 'sent')
})

test('an answer from elsewhere about what was asked is one at once, and nobody is reminded', async () => {
  const answerByApi = (key: string, externalId: string) =>
    owner.ask('POST', '/responses', { survey: key, score: 9, touchpoint: { externalId, kind: 'ticket' } })
  const answerByLink = async (key: string, externalId: string) => {
    const page = await open(`/s/${key}?touchpoint=${externalId}`)
    const reply = await post(`/s/${key}`, { ...hiddenIn(page.body), score: '9' })
    assert.equal(reply.statusCode, 303, reply.body)
  }
  for (const answerBy of [answerByApi, answerByLink]) {
    const sent = await invite({ reminderDays: [3] })
    house.clock.advance(10_000)
    await answerBy(sent.key, sent.touchpointExternalId)
    const [answer] = await answersTo(sent.surveyId)
    assert.equal(answer!['touchpoint'], sent.touchpointExternalId)
    const row = await rowOf(sent.id)
    assert.deepEqual([row['state'], row['response_id'], row['next_reminder_at']], ['answered', answer!['id'], null])
    assert.deepEqual(row['answered_at'], answer!['answered_at'])
    const mails = smtp.received.length
    house.clock.advance(4 * dayMs)
    await house.due.drain()
    assert.equal(smtp.received.length, mails)
    const { touchpoints, states } = (
      await owner.ask('GET', `/invitations/funnel?touchpoint=${String(row['touchpoint_id'])}`)
    ).json<Funnel>()
    const filled = states.filter(({ count }) => count > 0)
    assert.deepEqual([touchpoints, filled], [1, [{ state: 'answered', count: 1 }]])
  }
})

test('what was never asked about stays not asked, whoever answers about it', async () => {
  const asked = await survey('ces-10-solved')
  const dueAt = new Date(house.clock.now().getTime() + dayMs)
  const { id, touchpointExternalId } = await insertExampleInvitation(sql, { workspaceId, surveyId: asked.id, dueAt })
  await sql.query(`update invitations set not_asked = 'share' where id = $1`, [id])
  const touchpoint = { externalId: touchpointExternalId, kind: 'ticket' }
  await owner.ask('POST', '/responses', { survey: asked.key, score: 9, touchpoint })
  assert.equal((await rowOf(id))['state'], 'not_asked')
})

test('a touchpoint that is opened again is not asked about, until its mail was sent', async () => {
  smtp.refuse = () => ({ code: 451, message: '4.7.1 later' })
  const touchpointOf = async (id: string) => (await rowOf(id))['touchpoint_id'] as string
  const open = (id: string) => owner.ask('PATCH', `/touchpoints/${id}`, { endedAt: null })
  const waiting = await invite()
  assert.equal((await rowOf(waiting.id))['state'], 'queued')
  const opened = await open(await touchpointOf(waiting.id))
  assert.deepEqual([opened.statusCode, opened.json().endedAt, opened.json().decided], [200, null, false])
  assert.equal(await rowOf(waiting.id), undefined)
  const reported = await invite()
  const report = { externalId: reported.touchpointExternalId, kind: 'ticket', endedAt: null }
  assert.equal((await owner.ask('POST', '/touchpoints', report)).json().results[0].status, 'repeated')
  assert.equal(await rowOf(reported.id), undefined)
  smtp.refuse = () => undefined
  house.clock.advance(60_000)
  await house.due.drain()
  assert.equal(smtp.received.length, 0)
  const sent = await invite()
  const refused = await open(await touchpointOf(sent.id))
  assert.deepEqual([refused.statusCode, refused.json().code], [409, 'touchpoints.decided'])
  const topic = { ...report, externalId: sent.touchpointExternalId, topic: 'Repairs' }
  assert.equal((await owner.ask('POST', '/touchpoints', topic)).json().results[0].status, 'repeated')
  const { endedAt, decided, attributes } = (
    await owner.ask('GET', `/touchpoints/${await touchpointOf(sent.id)}`)
  ).json()
  assert.deepEqual([Boolean(endedAt), decided, attributes.topic], [true, true, 'Repairs'])
})

/** Does both at once: what is named first has its programme first. */
async function meet(programmeId: string, ...works: readonly (() => Promise<unknown>)[]): Promise<void> {
  const begun: Promise<unknown>[] = []
  await sql.query('begin')
  await sql.query('select from programmes where id = $1 for update', [programmeId])
  for (const work of works) {
    begun.push(work())
    await untilWaiting(house.database.owner, begun.length)
  }
  await sql.query('commit')
  await Promise.all(begun)
}

const goesOff = `update programmes set state = 'off', called_off_at = $2 where id = $1`

for (const about of ['first mail', 'reminder'] as const)
  for (const first of ['sending', 'undo'] as const)
    test(`a ${about} whose turn comes while its programme is brought back goes out once, ${first} before`, async () => {
      const sent = await invite({ reminderDays: [3] }, {}, about === 'first mail')
      if (about === 'reminder') {
        smtp.refuse = putOff
        house.clock.advance(3 * dayMs)
        await house.due.drain()
      }
      if (about === 'reminder') await turn(sent.programmeId, 'off')
      // As for a first mail that is being looked at while its programme goes off: that one stays in the outbox.
      else await sql.query(goesOff, [sent.programmeId, house.clock.now()])
      smtp.refuse = () => undefined
      house.clock.advance(60_000)
      const received = () => smtp.received.filter(({ to }) => to[0]!.includes(sent.customerId.slice(0, 8))).length
      const before = received()
      const [sending, undo] = [() => house.due.drain(), () => turn(sent.programmeId, 'on')]
      await meet(sent.programmeId, ...(first === 'sending' ? [sending, undo] : [undo, sending]))
      for (let minutes = 0; minutes < 3; minutes++) {
        house.clock.advance(60_000)
        await house.due.drain()
      }
      assert.deepEqual([await inFunnel(sent.id), received()], [[['sent', 1]], before + 1])
    })

test('a mail that is about to be sent and a touchpoint that is opened again wait for each other', async () => {
  smtp.refuse = () => ({ code: 451, message: '4.7.1 later' })
  const scope: Scope = { workspaceId, actor: system }
  const claim = (id: string, email: string) =>
    house.store.write(scope, (tx) =>
      invitationMails.together!.claimed(tx, [{ subjectId: id, number: 0, recipient: email }]),
    )
  const invited = async (email: string) => {
    const { id } = await invite({ email })
    return { id, touchpointId: (await rowOf(id))['touchpoint_id'] as string }
  }
  const opened = await invited('opened@kupec.example')
  const claimed = await house.store.write(scope, async (tx) => {
    await continueTouchpoint(tx, opened.touchpointId)
    const claiming = claim(opened.id, 'opened@kupec.example')
    await untilWaiting(house.database.owner)
    return { claiming }
  })
  assert.deepEqual(await claimed.claiming, ['gone'])
  const written = await invited('written@kupec.example')
  const going = await house.store.write(scope, async (tx) => {
    const mail = { subjectId: written.id, number: 0, recipient: 'written@kupec.example' }
    await invitationMails.together!.claimed(tx, [mail])
    const opening = house.store.write(scope, (other) => continueTouchpoint(other, written.touchpointId))
    await untilWaiting(house.database.owner)
    return { opening }
  })
  const kept = await going.opening
  assert.deepEqual([(await rowOf(written.id))['state'], kept!.decided], ['sending', true])
  smtp.refuse = () => undefined
  house.clock.advance(60_000)
  await house.due.drain()
  assert.equal(smtp.received.length, 0)
})
