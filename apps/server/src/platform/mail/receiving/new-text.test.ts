import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foldQuoted, newTextOf, ownTextOf } from './new-text.ts'

const heads: [string, string][] = [
  [
    'Outlook in German',
    'Von: Shop <help@shop.example>\nGesendet: Montag, 23. November 2026 10:00\nAn: Nives\nBetreff: Zip',
  ],
  ['Outlook in English', 'From: Shop\nSent: Monday, November 23, 2026\nTo: Nives\nSubject: Zip'],
  ['Outlook in Norwegian', 'Fra: Shop\nSendt: mandag 23. november 2026\nTil: Nives\nEmne: Zip'],
  ['Outlook in Slovenian', 'Od: Shop\nPoslano: ponedeljek, 23. november 2026\nZa: Nives\nZadeva: Zip'],
  ['an old program in German', '-----Ursprüngliche Nachricht-----\nVon: Shop'],
  ['a forward in German', '-------- Weitergeleitete Nachricht --------\nBetreff: Zip'],
  ['a forward by Apple', 'Begin forwarded message:\n\nFrom: Shop'],
  ['a forward by Apple in German', 'Anfang der weitergeleiteten Nachricht:\n\nVon: Shop'],
]
for (const [name, head] of heads) {
  test(`folds what stands below the head of ${name}`, () => {
    const quoted = `${head}\n\nHallo`
    assert.deepEqual(foldQuoted(`Danke!\n\n${quoted}`), { text: 'Danke!', quoted })
    assert.equal(newTextOf(`Danke!\n\n${quoted}`), 'Danke!')
  })
}

test('words that begin like a head are somebody’s own', () => {
  for (const text of ['Von: meinem Handy\nDanke', 'Hallo\nAn: alle\nBetreff: nichts']) {
    assert.deepEqual(foldQuoted(text), { text, quoted: null })
  }
})

const quote = '\n\nOn Mon, 23 Nov 2026, Shop wrote:\n> Secret'
for (const own of [
  'Step one\n----\nStep two',
  'Step one\n====\nStep two',
  'Step one\n---\nStep two',
  'Cheers\nIt is on its way.',
  'Best regards\nfrom the shop',
  'Poslano iz naprave, ki jo imate.',
  'x'.repeat(12_000),
]) {
  test(`what a colleague wrote goes whole: ${own.slice(0, 30).replaceAll('\n', ' ⏎ ')}`, () => {
    assert.equal(ownTextOf(own), own)
    assert.equal(ownTextOf(`${own}\n\n-- \nShop, Ltd.${quote}`), own)
    assert.equal(ownTextOf(own + quote), own)
  })
}

test('what a colleague answers between quotes goes without the quotes', () => {
  assert.equal(ownTextOf('On Mon, 23 Nov 2026, Shop wrote:\n> Secret one\nYes.\n> Secret two\nNo.'), 'Yes.\nNo.')
})
