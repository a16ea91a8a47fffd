import assert from 'node:assert/strict'
import { test } from 'node:test'
import { remotePictureAt, withPictures } from './message-page.ts'

const files = (name: string) => (name === 'a b@mail' ? 'f1' : undefined)

test('pictures that came with the mail have the address of their file, those that did not have none', () => {
  const html = '<img src="cid:a%20b@mail" alt="x"><img src="cid:other">'
  assert.equal(withPictures(html, files), '<img src="/api/v1/files/f1" alt="x"><img >')
})

test('pictures of other servers wait until somebody asks for them', () => {
  const html =
    '<img alt="" data-remote-src="https://spy.example/x.png?a=1&amp;b=%22"><p>and</p><img data-remote-src="http://b.example/">'
  assert.equal(withPictures(html, files), html)
  assert.equal(
    withPictures(html, files, (place) => `/p/${place}`),
    '<img alt="" src="/p/0"><p>and</p><img src="/p/1">',
  )
  assert.equal(remotePictureAt(html, 0), 'https://spy.example/x.png?a=1&b=%22')
  assert.equal(remotePictureAt(html, 1), 'http://b.example/')
  assert.equal(remotePictureAt(html, 2), undefined)
})

test('a name that is badly written is looked for as it stands', () => {
  assert.equal(
    withPictures('<img src="cid:%E0">', (name) => (name === '%E0' ? 'f2' : undefined)),
    '<img src="/api/v1/files/f2">',
  )
})
