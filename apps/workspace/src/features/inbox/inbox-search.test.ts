import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TicketView } from '@lahko/contract'
import { filterOf, isNarrowed, lackOf, readInboxSearch, sortOf } from './inbox-search.ts'

const id = '01a1f866-0d00-7805-9ab0-37ff0f318494'
const views: TicketView[] = [
  { id, name: 'Zips', shared: true, filter: { tag: 'zip', owner: 'nobody' }, sort: 'waiting', fits: true, count: 2 },
]

test('without a view it is what is mine, and a view may be narrowed', () => {
  assert.deepEqual(filterOf({}, views), { owner: 'me' })
  assert.deepEqual(filterOf({ view: 'all', status: 'open', tag: 'Zip' }, views), { status: 'open', tag: 'zip' })
  assert.deepEqual(filterOf({ view: id, owner: id }, views), { tag: 'zip', owner: id })
  const field = `${id}:yes`
  assert.deepEqual(filterOf({ view: 'all', topic: 'Returns', field }, views), { topic: 'Returns', field: [field] })
  assert.equal(readInboxSearch({ field: 'size:M' }).field, undefined)
})

test('a saved view that is not known yet lists nothing, rather than everything', () => {
  assert.equal(filterOf({ view: id }, undefined), undefined)
  assert.equal(filterOf({ view: id }, []), undefined)
})

test('a saved view that is gone, or asks for what is gone, lists nothing and it is known why', () => {
  const unfit = views.map((view) => ({ ...view, fits: false }))
  assert.equal(filterOf({ view: id }, unfit), undefined)
  assert.equal(lackOf({ view: id }, unfit), 'unfit')
  assert.equal(lackOf({ view: id }, []), 'gone')
  assert.equal(lackOf({ view: id }, undefined), undefined)
  assert.equal(lackOf({ view: id }, views), undefined)
  assert.equal(lackOf({ view: 'all' }, []), undefined)
})

test('the order is the one that was asked for, else the view’s', () => {
  assert.equal(sortOf({ view: id }, views), 'waiting')
  assert.equal(sortOf({ view: id, sort: 'priority' }, views), 'priority')
  assert.equal(sortOf({}, views), 'newest')
})

test('an address that somebody typed is taken only where it makes sense', () => {
  const read = readInboxSearch({ view: 'theirs', status: 'solved', owner: 'me', channel: 'fax', tag: ' ', find: 'zip' })
  assert.deepEqual(
    Object.entries(read).filter(([, value]) => value !== undefined),
    [['find', 'zip']],
  )
  assert.ok(!isNarrowed(read))
  assert.ok(isNarrowed(readInboxSearch({ owner: 'nobody' })))
})
