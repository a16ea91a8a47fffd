import type { Article } from '@lahko/contract'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isReviewDue, missingIn, shownLine, stateOf, waitsFor, type Line } from './states.ts'

const published = { number: 1, at: '2026-11-01T08:00:00Z', title: 'Vračilo' }
const line = (part: Partial<Line>): Line => ({
  ...{ language: 'en', title: 'Return', revision: 1, editedAt: '2026-11-01T08:00:00Z', editedBy: null },
  ...{ published: null, changed: false, outdated: false, publishAt: null, unpublishAt: null, review: null },
  ...part,
})
const article = (...translations: Line[]) =>
  ({ slug: 'return-something', mainLanguage: 'en', reviewOn: '2026-11-20', translations }) as Article

test('what readers see is one of three', () => {
  assert.equal(stateOf(line({})), 'draft')
  assert.equal(stateOf(line({ published, changed: true })), 'changed')
  assert.equal(stateOf(line({ published })), 'published')
})

test('what an article lacks is said, and when it is to be looked at', () => {
  const one = article(line({ published }), line({ language: 'sl', title: 'Vračilo', published, outdated: true }))
  assert.deepEqual(missingIn(one), ['nb'])
  assert.ok(isReviewDue(one, '2026-11-20'))
  assert.ok(!isReviewDue(one, '2026-11-19'))
})

test('a draft waits for whoever is asked, or for those who may publish, but not for who asks', () => {
  const asked = (part: { reviewerId: string | null; askedBy?: string; state?: 'asked' | 'approved' }) =>
    article(
      line({
        review: {
          ...{ id: 'r', state: 'asked', askedBy: 'bor', askedAt: '2026-11-01T08:00:00Z', note: '' },
          ...{ decidedBy: null, decidedAt: null, answer: null },
          ...part,
        },
      }),
    )
  const waits = (one: Article, id: string, publishes: boolean) => waitsFor(one.translations[0]!, { id, publishes })
  assert.ok(waits(asked({ reviewerId: 'ana' }), 'ana', false))
  assert.ok(!waits(asked({ reviewerId: 'ana' }), 'cilka', true))
  assert.ok(waits(asked({ reviewerId: null }), 'cilka', true))
  assert.ok(!waits(asked({ reviewerId: null }), 'bor', true))
  assert.ok(!waits(asked({ reviewerId: null }), 'cilka', false))
  assert.ok(!waits(asked({ reviewerId: 'ana', state: 'approved' }), 'ana', true))
})

test('a title is shown in the reader’s language, else in the main one', () => {
  const one = article(line({}), line({ language: 'sl', title: 'Vračilo' }))
  assert.equal(shownLine(one, 'sl')?.title, 'Vračilo')
  assert.equal(shownLine(one, 'nb')?.title, 'Return')
})
