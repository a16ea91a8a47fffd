import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layoutOf, withLayout } from './forwarded-layout.ts'

const file = '018f3c1e-0000-7000-8000-000000000001'
const files = [{ id: file, contentId: 'logo@mail' }]
const inside = (html: string) => layoutOf(html, files)

test('pictures that came with a message go on under names of ours, those that did not have none', () => {
  assert.equal(
    inside('<img src="cid:logo@mail" alt="Logo"><img src="cid:other" alt="Other">'),
    `<img src="cid:${file}@lahko" alt="Logo"><img  alt="Other">`,
  )
})

test('pictures of other servers stay where they are, and what only tells that it was read does not go on', () => {
  const picture = '<img width="600" height="1" data-remote-src="https://shop.example/line.png" alt="">'
  assert.equal(inside(picture), picture.replace('data-remote-src', 'src'))
  const beacons = [
    '<img data-remote-src="https://spy.example/1" width="1" height="1">',
    '<img style="height:1px;width:1px" data-remote-src="https://spy.example/2">',
    '<img data-remote-src="https://spy.example/3" width="0" height="0" style="max-width:600px">',
  ]
  for (const beacon of beacons) assert.equal(inside(`<p>Hi</p>${beacon}`), '<p>Hi</p>')
})

test('layouts go on as long as there is room in the mail, and plain messages have none', () => {
  const message = (id: string, length: number | null) => ({ id, html: length === null ? null : 'x'.repeat(length) })
  const given = [message('a', 1_500_000), message('b', 600_000), message('c', null), message('d', 400_000)]
  assert.deepEqual([...withLayout(given)], ['a', 'd'])
})
