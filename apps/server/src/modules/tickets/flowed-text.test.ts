import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unfoldFlowed } from './flowed-text.ts'

const cases: [string, string, string, boolean?][] = [
  ['lines of one paragraph', 'This is one \nline.\nThe next.', 'This is one line.\nThe next.'],
  [
    'quotes',
    '> We have sent you \n> the parcel and \n> it came.\nThanks.',
    '> We have sent you the parcel and it came.\nThanks.',
  ],
  ['quotes of quotes', '>> Is it \n>> there? \n> It is \n> not.', '>> Is it there? \n> It is not.'],
  ['nothing over the end of a quote', '> It is \nNot.', '> It is \nNot.'],
  ['nothing into a signature', 'Bye \n-- \nNives \nOblak', 'Bye \n-- \nNives Oblak'],
  ['lines that begin with a space for it', ' From here \n >not a quote', 'From here >not a quote'],
  ['quotes with spaces between', '> > a', '> > a'],
  ['without the spaces of breaks', 'Zip \nper', 'Zipper', true],
]
for (const [name, given, wanted, deletesSpace] of cases) {
  test(`unfolds ${name}`, () => assert.equal(unfoldFlowed(given.replaceAll('\n', '\r\n'), deletesSpace), wanted))
}
