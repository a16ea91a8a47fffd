import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPlainThanks } from './plain-thanks.ts'

const names = ['Nives Oblak', 'Ana Novak', 'Jürgen Groß']

const plain = [
  'Thanks!',
  'Thank you very much.',
  'Thanks a lot, Ana!',
  'Hi Ana,\n\nthank you so much for your quick help!\n\nBest regards\nNives',
  'Perfect, thanks 🙂',
  'Great, it works now. Many thanks!',
  'ok thx',
  'Thanks for everything. Have a nice weekend!',
  'Much appreciated, that solved it.',
  'Thank you! 🙏🏽\n\nSent from my iPhone',
  'Wonderful. I really appreciate it.\n-- \nNives Oblak\nOblak d.o.o., 01 234 56 78',
  'Hvala!',
  'Najlepša hvala za hitro pomoč.',
  'Super, hvala lepa 👍',
  'Pozdravljeni,\n\nhvala za odgovor.\n\nLep pozdrav,\nNives Oblak',
  'Odlično, zdaj deluje. Lepa hvala in lep dan še naprej!',
  'Se vam iskreno zahvaljujem. LP, Nives',
  'Še enkrat hvala. Lep vikend tudi vam!',
  'Hvala vam za vašo prijaznost :)',
  'Takk!',
  'Tusen takk for hjelpen!',
  'Hei Ana,\n\nsupert, takk for raskt svar. Ha en fin dag!\n\nMed vennlig hilsen\nNives',
  'Flott, nå fungerer det igjen. Mange takk!',
  'Takk skal du ha. Mvh Nives',
  'Den er grei, tusen takk. God helg!',
  'Jeg setter stor pris på det, takk.',
  'Danke!',
  'Vielen Dank für die schnelle Antwort.',
  'Super, hat geklappt. Danke schön!',
  'Guten Tag Ana,\n\nherzlichen Dank für Ihre Hilfe.\n\nMit freundlichen Grüßen\nJürgen Groß',
  'Prima, danke! Schönes Wochenende.',
  'Alles klar, besten Dank. VG',
  'Dankeschön ❤️',
]

const more = [
  '',
  'ok',
  'It works now.',
  'Thanks, but it still does not work.',
  'Thanks for nothing.',
  'No thanks.',
  'Yes, thanks.',
  'Thank you in advance!',
  'Thanks. When will it be here?',
  'Thanks, please also cancel order 1234.',
  'Thanks!\n\nBest regards\nNives\n\nPS The second zip broke as well.',
  'Thank you, I will send it back tomorrow.',
  'Great, thanks. Could you change the address to Trubarjeva 3',
  'Thanks :(',
  'Thanks 😡',
  'Thanks, that did not help.',
  'Thanks, Marko told me the same.',
  'Thanks https://example.com/form',
  'Hvala, ampak še vedno ne deluje.',
  'Hvala za odgovor, vendar to ni res.',
  'Hvala vnaprej!',
  'Hvala, kdaj pride?',
  'Hvala, prosim pošljite še račun.',
  'Hvala. Zadrga se je spet strgala.',
  'Ne, hvala.',
  'Takk, men det virker fortsatt ikke.',
  'Takk for svar. Når kommer pakken?',
  'På forhånd takk!',
  'Nei takk.',
  'Takk, kan dere sende meg kvitteringen også',
  'Takk. Jeg venter på pengene.',
  'Danke, aber es funktioniert immer noch nicht.',
  'Vielen Dank im Voraus.',
  'Danke, bitte schicken Sie mir noch die Rechnung.',
  'Nein danke.',
  'Danke. Das Paket ist leider beschädigt.',
  `${'Thank you very much. '.repeat(20)}`,
]

test('what is nothing but thanks is known, in four languages', () => {
  assert.ok(plain.length >= 30)
  assert.deepEqual(
    plain.filter((text) => !isPlainThanks(text, names)),
    [],
  )
})

test('what says anything else is no thanks', () => {
  assert.ok(more.length >= 30)
  assert.deepEqual(
    more.filter((text) => isPlainThanks(text, names)),
    [],
  )
})

test('only a name that is known may stand in it', () => {
  assert.equal(isPlainThanks('Thanks, Ana!', []), false)
  assert.equal(isPlainThanks('Thanks, Ana!', ['Ana Novak']), true)
})
