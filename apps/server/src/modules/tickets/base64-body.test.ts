import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Base64Body } from './base64-body.ts'

const cases: [string, string[], string][] = [
  ['one line', ['WmlwcGVy'], 'Zipper'],
  ['lines that end within a unit', ['Wml', 'wcG', 'Vy'], 'Zipper'],
  ['lines that are padded each', ['Wg==', 'aXA=\r\ncGVy'], 'Zipper'],
  ['an end without its padding', ['Wmlw', 'cA'], 'Zipp'],
  ['an end of half a letter', ['Wmlw', 'c'], 'Zip'],
  [
    'letters of none',
    ['Wmlwc!GVyIFppcHBlciBaaXBwZXIgWmlwcGVyIFppcHBlciBaaXBwZXIgLg ', ''],
    'Zipper Zipper Zipper Zipper Zipper Zipper .',
  ],
  ['nothing but plain text', ['Hello,', 'my zipper is torn.'], 'Hello,\nmy zipper is torn.'],
  ['plain text of other letters', ['Zadrga se je odtrgala, žal.'], 'Zadrga se je odtrgala, žal.'],
  ['nothing', [], ''],
]
for (const [name, lines, wanted] of cases) {
  test(`decodes ${name}`, async () => {
    const body = new Base64Body()
    for (const line of lines) body.update(Buffer.from(line))
    assert.equal(Buffer.from(await body.finalize()).toString(), wanted)
  })
}
