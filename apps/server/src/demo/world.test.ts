import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareShares } from '@lahko/effort'
import { makeWorld, type WorldAnswer } from './world.ts'

const now = new Date('2026-11-20T10:00:00Z')
const world = makeWorld({ seed: 1, now, language: 'en' })
const attributesOf = ({ input }: WorldAnswer) => input.touchpoint?.attributes ?? {}

/** The interval of a difference of shares, which these large groups always have. */
function between(one: ReturnType<typeof easy>, other: ReturnType<typeof easy>) {
  const { low, high } = compareShares(one, other)
  assert.ok(low !== null && high !== null)
  return { low, high }
}

function easy(which: (answer: WorldAnswer) => boolean) {
  const answers = world.answers.filter(which)
  return { n: answers.length, successes: answers.filter(({ input }) => input.score >= 8).length }
}

test('the same seed and moment make the same world, another seed another one', () => {
  assert.deepEqual(makeWorld({ seed: 1, now, language: 'en' }), world)
  assert.notDeepEqual(makeWorld({ seed: 2, now, language: 'en' }), world)
})

test('about ten thousand answers over the last 26 weeks, in three languages, in order', () => {
  assert.equal(world.answers.length, 26 * 385)
  assert.ok(
    world.answers.every(({ answeredAt }, index) => index === 0 || answeredAt >= world.answers[index - 1]!.answeredAt),
  )
  assert.ok(world.answers.every(({ answeredAt }) => answeredAt >= world.from && answeredAt <= now))
  assert.deepEqual(
    [...new Set(world.answers.map(({ input }) => input.language))].toSorted((a, b) => (a! < b! ? -1 : 1)),
    ['en', 'nb', 'sl'],
  )
})

test('one topic and one channel are hard', () => {
  const topic = between(
    easy((answer) => attributesOf(answer)['topic'] === 'Returns'),
    easy((answer) => attributesOf(answer)['topic'] !== 'Returns'),
  )
  const channel = between(
    easy((answer) => attributesOf(answer)['channel'] === 'Phone'),
    easy((answer) => attributesOf(answer)['channel'] !== 'Phone'),
  )
  assert.ok(topic.high < -0.1)
  assert.ok(channel.high < -0.05)
})

test('two handovers make every topic hard, one hardly any', () => {
  for (const topic of new Set(world.answers.map((answer) => attributesOf(answer)['topic']))) {
    const of = (handovers: string) =>
      easy((answer) => attributesOf(answer)['topic'] === topic && attributesOf(answer)['handovers'] === handovers)
    assert.ok(between(of('2+'), of('0')).high < 0, String(topic))
  }
})

test('the article made its topic easier and left the comparable one as it was', () => {
  const of = (topic: string, after: boolean) =>
    easy((answer) => attributesOf(answer)['topic'] === topic && answer.answeredAt >= world.articleAt === after)
  assert.ok(between(of('Sizing and fit', true), of('Sizing and fit', false)).low > 0.05)
  const untouched = between(of('Delivery', true), of('Delivery', false))
  assert.ok(untouched.low < 0 && untouched.high > 0)
})

test('who has read in vain before they asked by the form found it harder than who asked at once', () => {
  const of = (way: string) => easy((answer) => attributesOf(answer)['way'] === way)
  assert.ok(between(of('article_ticket'), of('ticket')).high < 0)
  assert.ok(
    world.answers.every(
      (answer) => 'way' in attributesOf(answer) === (attributesOf(answer)['channel'] === 'Help centre form'),
    ),
  )
})
