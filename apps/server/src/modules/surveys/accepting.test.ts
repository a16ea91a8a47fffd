import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import type { ResponseInput } from '@lahko/contract'
import { fitAnswer, type Circumstances } from './accepting.ts'
import { exampleContent, exampleRule } from './example-survey.ts'
import type { PublishedSurvey } from './published-surveys.ts'

const now = new Date('2026-11-20T10:00:00Z')
const survey: PublishedSurvey = {
  workspaceId: 'w',
  id: 's',
  key: 'help',
  name: 'Help',
  state: 'published',
  identity: 'identified',
  metric: 'mean',
  rule: exampleRule,
  declared: ['channel'],
  generation: 1,
  closesOn: null,
  version: 1,
  wording: 1,
  wordingNow: 1,
  formKey: createSecretKey(Buffer.alloc(32)),
  content: exampleContent,
  timeZone: 'Europe/Ljubljana',
  keepMonths: null,
}
type Case = {
  what: string
  input?: Partial<ResponseInput>
  survey?: Partial<PublishedSurvey>
  at?: Partial<Circumstances>
  refused?: string
}

const cases: Case[] = [
  { what: 'a score on the scale' },
  { what: 'the lowest score', input: { score: 1 } },
  { what: 'a score below the scale', input: { score: 0 }, refused: 'score_outside_scale /score' },
  { what: 'a score above the scale', input: { score: 11 }, refused: 'score_outside_scale /score' },
  { what: 'a reason that is offered', input: { reasons: ['fast'] } },
  { what: 'an unknown reason', input: { reasons: ['fast', 'slow'] }, refused: 'unknown_reason /reasons/1' },
  { what: 'an option', input: { answers: { device: 'phone' } } },
  { what: 'an unknown option', input: { answers: { device: 'fridge' } }, refused: 'unknown_option /answers/device' },
  {
    what: 'two options where one is asked',
    input: { answers: { device: ['phone', 'computer'] } },
    refused: 'unknown_option /answers/device',
  },
  { what: 'a text', input: { answers: { wish: 'More light' } } },
  {
    what: 'a list where a text is asked',
    input: { answers: { wish: ['a'] } },
    refused: 'unknown_option /answers/wish',
  },
  { what: 'an unknown question', input: { answers: { nobody: 'x' } }, refused: 'unknown_question /answers/nobody' },
  { what: 'a moment just now', input: { answeredAt: '2026-11-20T09:56:00Z' } },
  { what: 'clocks that differ a little', input: { answeredAt: '2026-11-20T10:00:30Z' } },
  {
    what: 'the first moment that is kept',
    input: { answeredAt: '2026-09-19T22:00:00Z' },
    survey: { keepMonths: 2 },
    at: { mayImport: true },
  },
  {
    what: 'what has been forgotten',
    input: { answeredAt: '2026-09-19T21:59:59Z' },
    survey: { keepMonths: 2 },
    at: { mayImport: true },
    refused: 'answered_before_kept /answeredAt',
  },
  {
    what: 'a file with what has been forgotten',
    input: { answeredAt: '2026-09-19T21:59:59Z' },
    survey: { keepMonths: 2 },
    at: { mayImport: true, afterwards: true },
  },
  { what: 'the future', input: { answeredAt: '2026-11-20T10:02:00Z' }, refused: 'answered_in_future /answeredAt' },
  {
    what: 'the past without permission',
    input: { answeredAt: '2026-11-20T09:50:00Z' },
    refused: 'import_not_allowed /answeredAt',
  },
  { what: 'the past with permission', input: { answeredAt: '2024-02-29T09:50:00+02:00' }, at: { mayImport: true } },
  {
    what: 'a time before all this',
    input: { answeredAt: '0000-01-01T00:00:00Z' },
    at: { mayImport: true },
    refused: 'answered_too_long_ago /answeredAt',
  },
  { what: 'a paused survey', survey: { state: 'paused' }, refused: 'paused /survey' },
  { what: 'an archived survey', survey: { state: 'archived' }, refused: 'archived /survey' },
  { what: 'an import into a paused survey', survey: { state: 'paused' }, at: { afterwards: true } },
  { what: 'the last day', survey: { closesOn: '2026-11-20' } },
  { what: 'the day after the last', survey: { closesOn: '2026-11-19' }, refused: 'closed /survey' },
  {
    what: 'an old answer from before the end',
    survey: { closesOn: '2026-11-19' },
    input: { answeredAt: '2026-11-19T10:00:00Z' },
    at: { mayImport: true },
  },
  { what: 'a customer by address', input: { customer: { email: 'a@example.com' } } },
  { what: 'a customer with a name only', input: { customer: { name: 'Ana' } }, refused: 'customer_unknown /customer' },
  {
    what: 'a touchpoint of the stone age',
    input: { touchpoint: { externalId: '1', kind: 'ticket', startedAt: '0001-01-01T00:00:00Z' } },
    refused: 'touchpoints.too_long_ago /touchpoint/startedAt',
  },
  {
    what: 'a touchpoint that ended before it began',
    input: {
      touchpoint: {
        ...{ externalId: '1', kind: 'ticket' },
        ...{ startedAt: '2026-11-20T09:00:00Z', endedAt: '2026-11-20T08:00:00Z' },
      },
    },
    refused: 'touchpoints.ended_before_started /touchpoint/endedAt',
  },
  {
    what: 'a touchpoint that ends tomorrow',
    input: { touchpoint: { externalId: '1', kind: 'ticket', endedAt: '2026-11-21T10:00:00Z' } },
    refused: 'touchpoints.ends_in_future /touchpoint/endedAt',
  },
  {
    what: 'a touchpoint that begins tomorrow',
    input: { touchpoint: { externalId: '1', kind: 'ticket', startedAt: '2026-11-21T10:00:00Z' } },
  },
]

for (const { what, input, survey: change, at, refused } of cases) {
  test(`${what}: ${refused ?? 'fits'}`, () => {
    const circumstances = { now, mayImport: false, afterwards: false, ...at }
    const verdict = fitAnswer({ ...survey, ...change }, { survey: 'help', score: 9, ...input }, circumstances)
    const said = verdict.status === 'fits' ? undefined : `${verdict.code.replace('surveys.', '')} ${verdict.field}`
    assert.equal(said, refused)
  })
}

test('reasons for another score are dropped, and each comes once', () => {
  const fit = (score: number) => {
    const verdict = fitAnswer(
      survey,
      { survey: 'help', score, reasons: ['fast', 'waiting', 'fast'] },
      { now, mayImport: false, afterwards: false },
    )
    return verdict.status === 'fits' ? verdict.reasons : undefined
  }
  assert.deepEqual(fit(9), ['fast'])
  assert.deepEqual(fit(2), ['waiting'])
})

test('an answer inherits the attributes of its touchpoint; its own win', () => {
  const touchpoint = { externalId: 'T-1', kind: 'ticket', attributes: { topic: 'Returns', channel: 'mail' } }
  const verdict = fitAnswer(
    survey,
    { survey: 'help', score: 9, attributes: { channel: 'chat' }, touchpoint },
    { now, mayImport: false, afterwards: false },
  )
  assert.ok(verdict.status === 'fits')
  assert.deepEqual(verdict.attributes, { kind: 'ticket', topic: 'Returns', channel: 'chat' })
})
