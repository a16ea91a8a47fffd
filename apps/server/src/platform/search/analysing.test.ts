import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fold, stemOf, wordsOf } from './analysing.ts'

test('accents and large letters fall away, in each language’s own letters too', () => {
  for (const [given, wanted] of [
    ['Škornji, ČEVLJI in ŽENSKE', 'skornji, cevlji in zenske'],
    ['Kjøpe på nett, tilbakebetaling, ærlig', 'kjope pa nett, tilbakebetaling, aerlig'],
    ['Straße, façade, Łódź', 'strasse, facade, lodz'],
    ['ﬁne²', 'fine2'],
  ])
    assert.equal(fold(given!), wanted)
})

const alike: Record<string, string[][]> = {
  en: [
    ['return', 'returns', 'returned', 'returning'],
    ['parcel', 'parcels', "parcel's"],
    ['delivery', 'deliveries'],
  ],
  sl: [
    ['račun', 'računa', 'računi', 'računov', 'RACUNA'],
    ['težava', 'težave', 'težavami'],
    ['cena', 'cene', 'ceno', 'cen'],
    ['bunda', 'bunde', 'bundo', 'bundi'],
    ['paket', 'paketa', 'paketov', 'paketom'],
  ],
  nb: [
    ['pakke', 'pakken', 'pakker', 'pakkene'],
    ['sende', 'sender', 'sendt', 'sendte'],
    ['bestille', 'bestilte', 'bestilt'],
    ['kjøp', 'kjøpe', 'kjøper', 'kjop'],
  ],
}

for (const [language, groups] of Object.entries(alike))
  test(`the forms of a word have one stem (${language})`, () => {
    for (const forms of groups) {
      const stems = forms.map((form) => wordsOf(language, form)[0]![0]!.stem)
      assert.equal(new Set(stems).size, 1, `${forms.join(', ')}: ${stems.join(', ')}`)
    }
  })

test('other languages keep their words, and numbers are words', () => {
  assert.equal(stemOf('de', 'rechnungen'), 'rechnungen')
  assert.equal(stemOf('en', '41s'), '41s')
})

test('what a hyphen joins is one word and its parts, and an apostrophe ends a word or joins it', () => {
  const written = (text: string) => wordsOf('en', text).map((forms) => forms.map(({ word }) => word))
  assert.deepEqual(written('Re-send the e-mail'), [['resend', 're', 'send'], ['the'], ['email', 'e', 'mail']])
  assert.deepEqual(written("the customer's, don't, I’m"), [['the'], ['customer'], ['dont'], ['im']])
  assert.deepEqual(written(' -- … ?!\n'), [])
  assert.deepEqual(written('M or L'), [['m'], ['or'], ['l']])
})

test('what is too long for a word is none', () => {
  assert.deepEqual(wordsOf('en', 'a'.repeat(41)), [[]])
})
