import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TouchpointReport } from '@lahko/contract'
import type { PastFate } from '#surveys'
import { pastOf } from './asking.ts'
import { makeWorld } from './world.ts'

const options = { seed: 20_260_523, now: new Date('2026-11-20T10:00:00Z'), language: 'en', weeks: 13 } as const
const timeZone = 'Europe/Ljubljana'
const world = makeWorld(options)
const programmeIds = { phone: 'phone', written: 'written', chat: 'chat' }
const past = pastOf({ ...options, timeZone, surveyId: 'survey', programmeIds })

function fateOf(report: TouchpointReport, answeredAt: Date | null): PastFate {
  const { externalId: id, email } = report.customer as { externalId: string; email?: string }
  const attributes = report.attributes as Record<string, string>
  const endedAt = new Date(report.endedAt!)
  return past.fateOf({ id: report.externalId, endedAt, answeredAt, attributes, customer: { id, email } } as never)
}

const answered = world.answers.map(({ answeredAt, input }) =>
  fateOf({ ...input.touchpoint, customer: input.customer } as TouchpointReport, answeredAt),
)
const silent = world.unanswered.map((report) => fateOf(report, null))
const sent = [...answered, ...silent].filter(({ sentAt }) => sentAt !== null)
const share = (which: (fate: PastFate) => boolean) => sent.filter(which).length / sent.length

test('two in five of those asked answer, one mail in fifty comes back, and one reader in two hundred wants no more', () => {
  const rate = answered.filter(({ sentAt }) => sentAt).length / sent.filter(({ bouncedAt }) => !bouncedAt).length
  assert.ok(rate > 0.35 && rate < 0.45, String(rate))
  const bounced = share(({ bouncedAt }) => bouncedAt !== null)
  assert.ok(bounced > 0.015 && bounced < 0.025, String(bounced))
  const unsubscribed = share(({ unsubscribedAt }) => unsubscribedAt !== null)
  assert.ok(unsubscribed > 0.003 && unsubscribed < 0.007, String(unsubscribed))
})

test('nobody is written to at night', () => {
  const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', timeZone })
  const early = share(({ sentAt }) => Number(hour.format(sentAt!)) < 8)
  const late = share(({ sentAt }) => Number(hour.format(sentAt!)) >= 20)
  // A mail that is due just before eight goes out within half a minute.
  assert.ok(early === 0 && late < 0.001, `${early} ${late}`)
})

test('every touchpoint has its own number, whether anybody answered or not', () => {
  const ids = [
    ...world.answers.map(({ input }) => input.touchpoint!.externalId!),
    ...world.unanswered.map((one) => one.externalId!),
  ]
  assert.equal(new Set(ids).size, ids.length)
  assert.ok(ids.every((id) => /^T-\d+$/.test(id)))
})
