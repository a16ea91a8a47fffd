import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse, roundTrip, write } from './round-trip.ts'

const same = [
  'A line.\n\nAnother **bold** and *slanted* `code` line.',
  '## Heading\n\n### Below',
  '1. Open **My account**.\n2. Mark what comes back; see [label](return-label.md).\n3. Send it.',
  '- one\n- two\n  - inside',
  '> **Note** The day counts.',
  '| From | Label |\n|---|---|\n| Slovenia | free |\n| Norway | 99 kr |',
  '| a | b |\n|---|---:|\n| x | 12 |',
  '| a | b |\n|---|---|\n| x | |\n| | |\n| | y |',
  '```js\nconst  a  =  1\n\n\nconst b = 2\n```',
  '2 \\* 3 \\* 4, snake\\_case and \\[brackets\\]',
  '3. from three\n4. four',
  'Look:\n\n![The \\[open\\] zip](/help/pictures/0190a1b2-c3d4-7e5f-8a6b-0123456789ab.webp)',
  '- Pull ![](/help/pictures/0190a1b2-c3d4-7e5f-8a6b-0123456789ab.webp) here',
  'Look:\n\n[How a zip is mended](https://youtu.be/dQw4w9WgXcQ?t=12)\n\nThen sew.',
  '~~gone~~\n\n---\n\nrest',
]
for (const text of same) {
  test(`the editor gives back as it was: ${text.slice(0, 30).replaceAll('\n', ' ')}`, () => {
    assert.equal(roundTrip(text), text)
  })
}

test('what is typed stays what it is, whatever it begins with', () => {
  const typed = [
    '# no heading',
    '1. no list',
    '- no list',
    '+ no list',
    '> no quotation',
    '* no list',
    '<b>no HTML</b>',
  ]
  for (const text of typed) {
    const content = { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] }
    assert.deepEqual(parse(write(content)), content, text)
  }
})

test('what would be lost is seen by comparing', () => {
  assert.notEqual(roundTrip('A ![picture](zip.png) here'), 'A ![picture](zip.png) here')
})
