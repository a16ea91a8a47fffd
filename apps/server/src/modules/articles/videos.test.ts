import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderArticle } from './rendering.ts'
import { videoScript } from './videos.ts'

const policyFor = (body: string) => videoScript(renderArticle(body, 'en', new Map()).html)?.may

test('a page allows the players of its own videos, and without one nothing', () => {
  assert.equal(policyFor('[a](https://x.example) and `data-player="https://x.example" data-kind="frame"`'), undefined)
  assert.match(policyFor('[a](https://youtu.be/dQw4w9WgXcQ)')!, /^frame-src https:\/\/www\.youtube-nocookie\.com$/)
  assert.match(
    policyFor(
      '[a](https://vimeo.com/76979871)\n\n[b](https://cdn.example:8443/a.mp4)\n\n[c](https://cdn.example:8443/c.webm)',
    )!,
    /^frame-src https:\/\/player\.vimeo\.com; media-src https:\/\/cdn\.example:8443$/,
  )
})

test('no address writes more into the policy', () => {
  for (const address of [
    "https://x.example;script-src 'unsafe-inline'/a.mp4",
    'https://x.example%3b*/a.mp4',
    'https://x.example,*/a.mp4',
  ])
    assert.doesNotMatch(policyFor(`[a](<${address}>)`) ?? '', /unsafe|\*/, address)
})
