import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dateOf, listOf, oneOf, parseSearch, strictly, writeSearch } from './search.ts'

test('filters stay readable in the address', () => {
  const search = { period: 'week', filter: ['topic:Returns', 'channel:e-mail'], metric: undefined, search: '' }
  assert.equal(writeSearch(search), '?period=week&filter=topic:Returns&filter=channel:e-mail')
})

test('what is written is read again', () => {
  const value = fc.string({ minLength: 1 }).filter((text) => text.isWellFormed())
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.array(value, { minLength: 1, maxLength: 3 })),
      (search) => {
        const read = parseSearch(writeSearch(search))
        for (const [name, values] of Object.entries(search)) assert.deepEqual(listOf(read[name]), values)
      },
    ),
  )
})

test('an address that somebody typed is taken only where it makes sense', () => {
  assert.equal(oneOf(['day', 'week'], 'fortnight'), undefined)
  assert.equal(dateOf('2026-11-22'), '2026-11-22')
  assert.equal(dateOf('22.11.2026'), undefined)
})

test('what makes no sense in an address does not stay in it', () => {
  const read = strictly(({ period }) => (period === 'week' ? { period } : {}))
  assert.deepEqual(
    { period: 'months', other: 'x', ...read({ period: 'months', other: 'x' }) },
    {
      ...{ period: undefined, other: undefined },
    },
  )
  assert.deepEqual(read({ period: 'week' }), { period: 'week' })
})
