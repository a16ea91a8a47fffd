import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TicketView } from '@lahko/contract'
import {
  conditionsIn,
  conditionsOfView,
  filterOf,
  isGone,
  isNarrowed,
  readInboxSearch,
  sortOf,
  statusesIn,
  withConditions,
} from './inbox-search.ts'

const id = '01a1f866-0d00-7805-9ab0-37ff0f318494'
const filter = { tag: 'zip', owner: 'nobody', where: ['created:older:3d'], snoozed: 'yes' as const }
const views: TicketView[] = [{ id, name: 'Zips', shared: true, filter, sort: 'waiting', lost: [], count: 2 }]

test('without a view it is what is mine, and a view may be narrowed', () => {
  assert.deepEqual(filterOf({}, views), { owner: 'me' })
  assert.deepEqual(filterOf({ view: 'all', where: ['status:any:open'] }, views), { where: ['status:any:open'] })
  const where = ['topic:empty']
  assert.deepEqual(filterOf({ view: id, where }, views), { ...filter, where: ['created:older:3d', 'topic:empty'] })
})

test('a view and what narrows it are no more conditions together than the API takes', () => {
  const own = Array.from({ length: 15 }, (_, number) => `tag:none:own-${number}`)
  const full = views.map((view) => ({ ...view, filter: { where: own } }))
  const more = Array.from({ length: 10 }, (_, number) => `tag:none:more-${number}`)
  assert.deepEqual(filterOf({ view: id, where: more }, full)!.where, [...own, ...more.slice(0, 5)])
  assert.deepEqual(filterOf({ view: id, where: own }, full)!.where, own, 'nothing counts twice')
})

test('conditions hold instead of those of a view, which keeps its place', () => {
  const search = { view: id, where: ['topic:empty'], instead: 'yes' as const }
  assert.deepEqual(filterOf(search, views), { snoozed: 'yes', where: ['topic:empty'] })
  assert.deepEqual(conditionsOfView(search, views), [])
})

test('what is built says what is the view’s own and what narrows it', () => {
  const own = conditionsOfView({ view: id }, views)
  assert.equal(own.length, 3)
  const more = conditionsIn({ where: ['topic:empty'] })
  assert.deepEqual(withConditions({ view: id }, views, own), { where: undefined, instead: undefined })
  assert.deepEqual(withConditions({ view: id }, views, [...own, ...more]), {
    where: ['topic:empty'],
    instead: undefined,
  })
  assert.deepEqual(withConditions({ view: id }, views, more), { where: ['topic:empty'], instead: 'yes' })
  assert.deepEqual(withConditions({ view: 'all' }, views, more), { where: ['topic:empty'], instead: undefined })
})

test('a saved view that is not known yet lists nothing, rather than everything', () => {
  assert.equal(filterOf({ view: id }, undefined), undefined)
  assert.equal(filterOf({ view: id }, []), undefined)
})

test('a saved view leaves out what it asks in vain, and one that is gone is known to be', () => {
  const unfit = views.map((view) => ({ ...view, lost: ['created:older:3d'] }))
  assert.deepEqual(filterOf({ view: id }, unfit), { tag: 'zip', owner: 'nobody', snoozed: 'yes' })
  assert.equal(isGone({ view: id }, unfit), false)
  assert.equal(isGone({ view: id }, []), true)
  assert.equal(isGone({ view: id }, undefined), false)
  assert.equal(isGone({ view: 'all' }, []), false)
})

test('the order is the one that was asked for, else the view’s', () => {
  assert.equal(sortOf({ view: id }, views), 'waiting')
  assert.equal(sortOf({ view: id, sort: 'priority' }, views), 'priority')
  assert.equal(sortOf({}, views), 'newest')
})

test('an address that somebody typed is taken only where it makes sense', () => {
  const read = readInboxSearch({ view: 'theirs', status: 'lost', owner: 'Ana', channel: 'fax', tag: ' ', find: 'zip' })
  assert.deepEqual(
    Object.entries(read).filter(([, value]) => value !== undefined),
    [['find', 'zip']],
  )
  assert.ok(!isNarrowed(read))
  assert.ok(isNarrowed(readInboxSearch({ owner: 'nobody' })))
  assert.deepEqual(readInboxSearch({ tag: 'Zip', where: ['tag:any:zip', 'topic:larger:3', 'topic:empty'] }).where, [
    ...['tag:any:zip', 'topic:empty'],
  ])
  assert.equal(readInboxSearch({ field: 'size:M' }).where, undefined)
})

test('among what is unsolved nothing solved is asked for, and the other way round', () => {
  const solved = views.map((view) => ({ ...view, filter: { shelf: 'solved' as const } }))
  const unsolved = ['new', 'open', 'waiting', 'on_hold']
  assert.deepEqual(statusesIn({ view: 'all' }, views), unsolved)
  assert.deepEqual(statusesIn({ view: id }, views), unsolved)
  assert.deepEqual(statusesIn({ view: id, instead: 'yes' }, solved), ['solved', 'closed'])
  assert.deepEqual(statusesIn({ view: 'solved' }, views), ['solved', 'closed'])
  assert.deepEqual(statusesIn({ view: 'spam' }, views), [...unsolved, 'solved', 'closed'])
})
