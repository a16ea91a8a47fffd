import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { NotAskedRule } from '@lahko/contract/programmes'
import { factsOf, fits } from './conditions.ts'
import { drawOf, isDrawn } from './fair-draw.ts'
import { createFrequency } from './fair-share.ts'
import { decide, type Deciding, type DecidingProgramme, type EndedTouchpoint, type Memory } from './fates.ts'

const now = new Date('2026-11-20T10:00:00Z')
const dayMs = 86_400_000
let made = 0

function programme(change: Partial<DecidingProgramme> = {}): DecidingProgramme {
  return {
    ...{ id: `programme-${++made}`, surveyId: 'survey', conditions: [], delayMinutes: 0, hours: null, share: 1 },
    ...{ seed: 'seed', expiresDays: 14, quota: null, survey: 'open' as const, lively: true },
    ...change,
  }
}
function touchpoint(change: Partial<EndedTouchpoint> = {}): EndedTouchpoint {
  return {
    ...{ id: `touchpoint-${++made}`, kind: 'ticket', endedAt: now, attributes: {} },
    customer: {
      id: 'ana',
      person: 'ana',
      email: 'ana@kupec.example',
      language: 'sl',
      organisation: 'Kupec',
      organisationId: 'kupec',
      organisationRoot: 'kupec',
      timeZone: null,
    },
    ...change,
  }
}
function deciding(programmes: DecidingProgramme[], rules: Partial<Deciding['rules']> = {}): Deciding {
  const usual = { personDays: 30, organisationDays: 0, spareOpenProblems: true, fairShare: true }
  return { programmes, rules: { ...usual, ...rules }, timeZone: 'Europe/Ljubljana' }
}
function memory(programmes: readonly DecidingProgramme[] = [], change: Partial<Memory> = {}): Memory {
  return {
    ...{
      answered: new Set<string>(),
      notWritten: new Map(),
      preferences: new Map(),
      inOpenProblem: new Set<string>(),
      persons: new Map(),
      organisations: new Map(),
    },
    frequency: createFrequency(
      programmes.map(({ id }) => id),
      [],
    ),
    quotas: new Map(),
    ...change,
  }
}
const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs)

test('conditions look at any attribute, and at what the customer says of language and organisation', () => {
  const facts = factsOf(touchpoint({ attributes: { topic: 'Returns', empty: '' } }))
  const cases = [
    [{ attribute: 'kind', is: 'anyOf', values: ['call', 'ticket'] }, true],
    [{ attribute: 'kind', is: 'noneOf', values: ['ticket'] }, false],
    [{ attribute: 'topic', is: 'present', values: [] }, true],
    [{ attribute: 'empty', is: 'present', values: [] }, false],
    [{ attribute: 'empty', is: 'absent', values: [] }, true],
    [{ attribute: 'team', is: 'noneOf', values: ['North'] }, true],
    [{ attribute: 'team', is: 'anyOf', values: ['North'] }, false],
    [{ attribute: 'language', is: 'anyOf', values: ['sl'] }, true],
    [{ attribute: 'organisation', is: 'anyOf', values: ['Kupec'] }, true],
    [{ attribute: 'constructor', is: 'present', values: [] }, false],
  ] as const
  for (const [condition, wanted] of cases)
    assert.equal(fits([{ ...condition, values: [...condition.values] }], facts), wanted, JSON.stringify(condition))
  assert.equal(fits([], facts), true)
})

test('a language is one, however it is written, and the touchpoint’s own before the customer’s', () => {
  const said = (language: string, attributes = {}) =>
    factsOf(touchpoint({ attributes, customer: { ...touchpoint().customer!, language } }))['language']
  for (const [given, wanted] of [
    ['sl', 'sl'],
    ['SL', 'sl'],
    ['sl-SI', 'sl'],
    ['Slovenian', 'sl'],
    ['slovenščina', 'sl'],
    ['Norsk (Bokmål)', 'nb'],
    ['nn_NO', 'nb'],
    ['English (GB)', 'en'],
    ['de-AT', 'de'],
  ] as const)
    assert.equal(said(given), wanted, given)
  assert.equal(said('sl', { language: 'nb-NO' }), 'nb')
})

test('a share is drawn alike whenever it is drawn, and close to what it should be', () => {
  const ids = Array.from({ length: 20_000 }, (_, place) => `id-${place}`)
  const drawn = ids.filter((id) => isDrawn('one', id, 0.3))
  assert.ok(Math.abs(drawn.length / ids.length - 0.3) < 0.015, String(drawn.length))
  assert.ok(drawn.every((id) => isDrawn('one', id, 0.4)))
  const both = drawn.filter((id) => isDrawn('two', id, 0.3)).length
  assert.ok(Math.abs(both / drawn.length - 0.3) < 0.03, 'another seed draws independently')
  // The first 8 bytes of SHA-256 over `seed:touchpoint`, as sha256sum prints them.
  assert.equal(drawOf('seed', 'touchpoint'), Number(BigInt('0x580bcbd6aaaa8756')) / 2 ** 64)
})

const one = programme()
const cases: [name: string, wanted: NotAskedRule | null, EndedTouchpoint, Deciding, Memory][] = [
  ['asked', null, touchpoint(), deciding([one]), memory()],
  [
    'no programme',
    'no_programme',
    touchpoint(),
    deciding([programme({ conditions: [{ attribute: 'kind', is: 'anyOf', values: ['call'] }] })]),
    memory(),
  ],
  ['no programme at all', 'no_programme', touchpoint(), deciding([]), memory()],
  [
    'answered already, before all else',
    'answered_already',
    touchpoint({ id: 'answered' }),
    deciding([]),
    memory([], { answered: new Set(['answered']) }),
  ],
  [
    'merged into another, whatever programmes there are',
    'merged',
    touchpoint({ attributes: { outcome: 'merged' } }),
    deciding([]),
    memory(),
  ],
  [
    'a survey that takes no answers',
    'survey_closed',
    touchpoint(),
    deciding([programme({ survey: 'closed' })]),
    memory(),
  ],
  [
    'a survey without names',
    'survey_anonymous',
    touchpoint(),
    deciding([programme({ survey: 'anonymous' })]),
    memory(),
  ],
  [
    'it ended before the invitation would have expired',
    null,
    touchpoint({ endedAt: daysAgo(13.9) }),
    deciding([one]),
    memory(),
  ],
  ['it ended too long ago', 'too_late', touchpoint({ endedAt: daysAgo(14) }), deciding([one]), memory()],
  ['nobody is known', 'no_address', touchpoint({ customer: null }), deciding([one]), memory()],
  [
    'no address is known',
    'no_address',
    touchpoint({ customer: { ...touchpoint().customer!, email: null } }),
    deciding([one]),
    memory(),
  ],
  [
    'unsubscribed',
    'unsubscribed',
    touchpoint(),
    deciding([one]),
    memory([], { notWritten: new Map([['ana', 'unsubscribed']]) }),
  ],
  [
    'mails to them came back',
    'suppressed',
    touchpoint(),
    deciding([one]),
    memory([], { notWritten: new Map([['ana', 'bounced']]) }),
  ],
  [
    'they do not want this survey',
    'unsubscribed',
    touchpoint(),
    deciding([one]),
    memory([], { preferences: new Map([['ana', [{ surveyId: 'survey', until: null }]]]) }),
  ],
  [
    'they do not want another survey',
    null,
    touchpoint(),
    deciding([one]),
    memory([], { preferences: new Map([['ana', [{ surveyId: 'another', until: null }]]]) }),
  ],
  [
    'they want a pause that lasts',
    'unsubscribed',
    touchpoint(),
    deciding([programme({ delayMinutes: 60 * 24 })]),
    memory([], { preferences: new Map([['ana', [{ surveyId: null, until: daysAgo(-2) }]]]) }),
  ],
  [
    'a pause is over when the invitation is due',
    null,
    touchpoint(),
    deciding([programme({ delayMinutes: 60 * 24 })]),
    memory([], { preferences: new Map([['ana', [{ surveyId: null, until: daysAgo(-1) }]]]) }),
  ],
  ['not in the share', 'share', touchpoint(), deciding([programme({ share: 1e-12 })]), memory()],
  [
    'in an open problem',
    'open_problem',
    touchpoint(),
    deciding([one]),
    memory([], { inOpenProblem: new Set(['ana']) }),
  ],
  [
    'open problems do not matter',
    null,
    touchpoint(),
    deciding([one], { spareOpenProblems: false }),
    memory([], { inOpenProblem: new Set(['ana']) }),
  ],
  [
    'asked 29 days ago',
    'person',
    touchpoint(),
    deciding([one]),
    memory([], { persons: new Map([['ana', { dueAt: daysAgo(29), programmeId: null }]]) }),
  ],
  [
    'asked 30 days ago',
    null,
    touchpoint(),
    deciding([one]),
    memory([], { persons: new Map([['ana', { dueAt: daysAgo(30), programmeId: null }]]) }),
  ],
  [
    'to be asked in a week',
    'person',
    touchpoint(),
    deciding([one]),
    memory([], { persons: new Map([['ana', { dueAt: daysAgo(-7), programmeId: null }]]) }),
  ],
  [
    'no rule of days',
    null,
    touchpoint(),
    deciding([one], { personDays: 0 }),
    memory([], { persons: new Map([['ana', { dueAt: daysAgo(1), programmeId: null }]]) }),
  ],
  [
    'the organisation was asked',
    'organisation',
    touchpoint(),
    deciding([one], { organisationDays: 7 }),
    memory([], { organisations: new Map([['kupec', { dueAt: daysAgo(6), programmeId: null }]]) }),
  ],
]
for (const [name, wanted, ended, by, remembering] of cases) {
  test(`one fate: ${name}`, () => assert.equal(decide(ended, by, remembering, now).notAsked, wanted))
}

test('the first programme that fits decides, also when its rules say no and a later one would ask', () => {
  const first = programme({ share: 1e-12 })
  const fate = decide(touchpoint(), deciding([first, programme()]), memory(), now)
  assert.equal(fate.programme, first)
  assert.equal(fate.notAsked, 'share')
})

test('a rule of no days refuses nobody, also whom an invitation that is due later waits for', () => {
  const programmes = [programme({ delayMinutes: 21 * 1440 }), programme()]
  const later = deciding(programmes.slice(0, 1), { personDays: 0, organisationDays: 0 })
  const soon = deciding(programmes.slice(1), { personDays: 0, organisationDays: 0 })
  const known = memory(programmes)
  assert.equal(decide(touchpoint(), later, known, now).notAsked, null)
  assert.equal(decide(touchpoint(), soon, known, now).notAsked, null)
})

test('touchpoints of one batch see each other', () => {
  const by = deciding([programme({ quota: { attribute: 'topic', per: 'month', most: 2 } })])
  const remembering = memory()
  const fateOf = (id: string, topic: string) =>
    decide(
      touchpoint({ attributes: { topic }, customer: { ...touchpoint().customer!, id, person: id } }),
      by,
      remembering,
      now,
    ).notAsked
  assert.deepEqual(
    [
      fateOf('ana', 'Returns'),
      fateOf('ana', 'Returns'),
      fateOf('ben', 'Returns'),
      fateOf('eva', 'Returns'),
      fateOf('eva', 'Delivery'),
    ],
    [null, 'person', null, 'quota', null],
  )
})

test('invitations to a person never lie closer than the days, however touchpoints come and however late mails are due', () => {
  const delays = fc.array(fc.integer({ min: 0, max: 40 * 1440 }), { minLength: 1, maxLength: 4 })
  const moments = fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.nat(3)), { maxLength: 60 })
  fc.assert(
    fc.property(
      delays,
      moments,
      fc.integer({ min: 1, max: 60 }),
      fc.boolean(),
      (given, ends, personDays, fairShare) => {
        const programmes = given.map((delayMinutes, kind) =>
          programme({
            delayMinutes,
            expiresDays: 60,
            conditions: [{ attribute: 'kind', is: 'anyOf', values: [`${kind}`] }],
          }),
        )
        const by = deciding(programmes, { personDays, fairShare })
        const remembering = memory(programmes)
        const due = ends
          .toSorted(([a], [b]) => a - b)
          .flatMap(([day, kind]) => {
            const endedAt = new Date(now.getTime() + day * dayMs)
            return decide(touchpoint({ kind: `${kind}`, endedAt }), by, remembering, endedAt).dueAt ?? []
          })
        due.slice(1).forEach((at, place) => assert.ok(at.getTime() - due[place]!.getTime() >= personDays * dayMs))
      },
    ),
  )
})

test('who asks often: whoever made more than half of an even share, unless that is everybody', () => {
  const shares = (...counts: number[]) => counts.flatMap((count, id) => Array.from({ length: count }, () => `${id}`))
  const ids = ['0', '1', '2']
  const frequentOf = (asked: string[], among = ids) => {
    const frequency = createFrequency(among, asked)
    return among.filter((id) => frequency.isFrequent(id))
  }
  assert.deepEqual(frequentOf(shares(80, 12, 8)), ['0'])
  assert.deepEqual(frequentOf(shares(60, 30, 10)), ['0', '1'])
  assert.deepEqual(frequentOf(shares(45, 45, 10)), ['0', '1'])
  assert.deepEqual(frequentOf(shares(34, 33, 33)), [], 'none is rarer')
  assert.deepEqual(frequentOf(shares(40, 5, 4)), [], 'fewer than 50 say nothing')
  assert.deepEqual(frequentOf(shares(100), ['0']), [], 'nobody is rarer than the only one')
  assert.deepEqual(frequentOf(shares(50, 50), ['0', '1']), [])
  const moving = createFrequency(ids, shares(1000))
  for (let more = 0; more < 600; more++) moving.add('1')
  assert.equal(moving.isFrequent('0'), true)
  for (let more = 0; more < 300; more++) moving.add('1')
  assert.equal(moving.isFrequent('0'), false)
  assert.equal(moving.isFrequent('1'), true)
})

/** A year of 200 people who have a frequent touchpoint on most days and a rare one in three months. */
function askedInAYear(fairShare: boolean, frequentKinds: number): { rare: number; asked: number; all: number } {
  const random = seeded(7)
  const kinds = [...Array.from({ length: frequentKinds }, (_, place) => `frequent-${place}`), 'rare']
  const programmes = kinds.map((kind) =>
    programme({ conditions: [{ attribute: 'kind', is: 'anyOf', values: [kind] }] }),
  )
  const by = deciding(programmes, { fairShare })
  const remembering = memory(programmes)
  const counts = { rare: 0, asked: 0, all: 0 }
  for (let day = 0; day < 730; day++) {
    const endedAt = new Date(now.getTime() + day * dayMs)
    for (let person = 0; person < 200; person++) {
      const customer = { ...touchpoint().customer!, id: `${person}`, person: `${person}`, organisationRoot: null }
      const had = [
        ...(random() < 0.8 ? [`frequent-${Math.floor(random() * frequentKinds)}`] : []),
        ...(random() < 1 / 90 ? ['rare'] : []),
      ]
      for (const kind of had) {
        const { notAsked } = decide(touchpoint({ kind, endedAt, customer }), by, remembering, endedAt)
        if (day < 365) continue
        if (notAsked === null) counts.all++
        if (kind !== 'rare') continue
        counts.rare++
        if (notAsked === null) counts.asked++
      }
    }
  }
  return counts
}

for (const frequentKinds of [1, 2, 3, 7]) {
  test(`rare touchpoints are not starved by ${frequentKinds} frequent kinds`, () => {
    const starved = askedInAYear(false, frequentKinds)
    const fair = askedInAYear(true, frequentKinds)
    assert.ok(starved.asked / starved.rare < 0.05, `without the rule ${starved.asked} of ${starved.rare}`)
    // It is rare until it makes half of an even share of the invitations: that much, or half of its touchpoints.
    const half = 1 / (frequentKinds + 1) / 2
    assert.ok(
      fair.asked / fair.rare > 0.4 || fair.asked / fair.all > 0.9 * half,
      `with it ${fair.asked} of ${fair.rare}, among ${fair.all}`,
    )
    assert.ok(fair.all > starved.all * 0.5, 'and it costs at most half of all')
  })
}

function seeded(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}
