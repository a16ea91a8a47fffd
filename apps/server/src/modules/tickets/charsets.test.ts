import assert from 'node:assert/strict'
import { test } from 'node:test'
import { charsetOf, decodeText, guessCharset, mendHeaders } from './charsets.ts'

const bytes = (...given: (string | number)[]) =>
  Buffer.concat(given.map((one) => (typeof one === 'string' ? Buffer.from(one, 'latin1') : Buffer.of(one))))

const cases: [string, Buffer, string][] = [
  ['čšž', Buffer.from('Pošiljka še čaka na pošti, žal.'), 'utf-8'],
  [
    'Slovenian of Windows',
    bytes('Po', 0x9a, 'iljka ', 0x9a, 'e ', 0xe8, 'aka na po', 0x9a, 'ti, ', 0x9e, 'al.'),
    'windows-1250',
  ],
  ['Slovenian of ISO', bytes('Po', 0xb9, 'iljka ', 0xe8, 'aka, vra', 0xe8, 'am'), 'iso-8859-2'],
  ['Norwegian', bytes('P', 0xe5, ' fredag f', 0xf8, 'r kl. 8, k', 0xe6, 're dere'), 'windows-1252'],
  ['German', bytes('Gr', 0xfc, 0xdf, 'e, das Paket f', 0xe4, 'hrt'), 'windows-1252'],
  [
    'Russian of Windows',
    bytes(0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, ', ', 0xea, 0xe0, 0xea, ' ', 0xe4, 0xe5, 0xeb, 0xe0),
    'windows-1251',
  ],
  [
    'Russian of Unix',
    bytes(0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4, ', ', 0xcb, 0xc1, 0xcb, ' ', 0xc4, 0xc5, 0xcc, 0xc1),
    'koi8-r',
  ],
  ['Japanese of mail', bytes(0x1b, '$B', 0x24, 0x33, 0x24, 0x73, 0x1b, '(B'), 'iso-2022-jp'],
]
for (const [name, given, wanted] of cases) {
  test(`guesses ${name}`, () => assert.equal(guessCharset(given), wanted))
}

test('a label is believed unless it says nothing or cannot be true', () => {
  const windows = cases[1]![1]
  assert.equal(charsetOf(windows, 'iso-8859-2'), 'iso-8859-2')
  assert.equal(charsetOf(windows, 'us-ascii'), 'windows-1250')
  assert.equal(charsetOf(windows, undefined), 'windows-1250')
  assert.equal(charsetOf(windows, 'utf-8'), 'windows-1250')
  assert.equal(charsetOf(Buffer.from('plain'), undefined), 'utf-8')
  assert.equal(charsetOf(windows, 'x-nobody-knows'), 'windows-1250')
  assert.equal(charsetOf(Buffer.from('čaka').subarray(0, 1), 'utf-8'), 'utf-8', 'only its end is missing')
})

test('headers with bytes of an old charset are written as UTF-8', () => {
  const raw = bytes('Subject: Po', 0x9a, 'iljka ', 0xe8, 'aka\r\nTo: a@b.example\r\n\r\n', 0xe8)
  const mended = mendHeaders(raw)
  assert.match(mended.toString(), /^Subject: Pošiljka čaka\r\nTo/)
  assert.equal(mended.at(-1), 0xe8)
})

const wide = Buffer.from('čaka', 'utf16le')
const labelled: [string, Buffer, string][] = [
  ['cp850', bytes('Bj', 0x9b, 'rn'), 'Bjørn'],
  ['ibm850', bytes('Bj', 0x9b, 'rn'), 'Bjørn'],
  ['cp852', bytes('po', 0xe7, 'iljka ', 0x9f, 'aka'), 'pošiljka čaka'],
  ['cp437', bytes('Gr', 0x81, 0xe1, 'e'), 'Grüße'],
  ['cp865', bytes('Bj', 0x9b, 'rn'), 'Bjørn'],
  ['utf-7', bytes('po+AWE-iljka'), 'pošiljka'],
  ['unicode-1-1-utf-7', bytes('po+AWE-iljka'), 'pošiljka'],
  ['windows1250', bytes('po', 0x9a, 'ta'), 'pošta'],
  ['win-1250', bytes('po', 0x9a, 'ta'), 'pošta'],
  ['8859-2', bytes('po', 0xb9, 'ta'), 'pošta'],
  ['iso8859_2', bytes('po', 0xb9, 'ta'), 'pošta'],
  ['utf8mb4', Buffer.from('pošta'), 'pošta'],
  ['iso-8859-1', Buffer.from('Pošiljka čaka'), 'Pošiljka čaka'],
  ['Windows-1252', Buffer.from('kjære'), 'kjære'],
  ['iso-8859-1', bytes('kj', 0xe6, 're'), 'kjære'],
  ['windows-1252', bytes(0xc2, 0xa9, ' 2026'), 'Â© 2026'],
  ['utf-16', Buffer.concat([wide, Buffer.of(10)]), 'čaka'],
  ['utf-16', Buffer.concat([Buffer.of(0xfe, 0xff), Buffer.from(wide).swap16()]), 'čaka'],
  ['utf-16', Buffer.from('plain', 'utf16le').swap16(), 'plain'],
  ['utf-16', Buffer.from('plain'), 'plain'],
  ['made-up-7', bytes('po', 0x9a, 'ta ', 0xe8, 'aka'), 'pošta čaka'],
  ['base64', Buffer.from('pošta'), 'pošta'],
]
for (const [label, given, wanted] of labelled) {
  test(`reads ${wanted} labelled ${label}`, () => assert.equal(decodeText(given, label), wanted))
}
