import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHtml } from './cleaning-html.ts'
import { foldQuotes } from './folding-html.ts'

/** What is folded is in brackets. */
const folded = (html: string) =>
  foldQuotes(readHtml(html).html, 'Old')
    .replaceAll('<details><summary>Old</summary>', '[')
    .replaceAll('</details>', ']')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\s+/g, ' ')

test('what is quoted is folded, the outermost of each', () => {
  const given = 'New<blockquote type="cite">a<blockquote>b</blockquote></blockquote>new<blockquote>c</blockquote>'
  assert.equal(
    foldQuotes(given, 'Old'),
    'New<details><summary>Old</summary><blockquote type="cite">a<blockquote>b</blockquote></blockquote></details>' +
      'new<details><summary>Old</summary><blockquote>c</blockquote></details>',
  )
})

const outlookHead = (from: string) =>
  `<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p><b>${from}:</b> Shop</p></div></div>`

const cases: [string, string, string][] = [
  [
    'Gmail',
    '<div dir="ltr">New</div><br><div class="gmail_quote gmail_quote_container"><div class="gmail_attr">On Monday Shop wrote:<br></div><blockquote class="gmail_quote">old</blockquote></div>',
    'New[On Monday Shop wrote:old]',
  ],
  [
    'answers between quotes of Gmail',
    'New<div class="gmail_quote">Shop wrote:<blockquote>old</blockquote><div>answer</div><blockquote>older</blockquote></div>',
    'NewShop wrote:[old]answer[older]',
  ],
  [
    'a forward by Gmail',
    'See:<div class="gmail_quote">Forwarded message<br>Theirs</div>',
    'See:[Forwarded messageTheirs]',
  ],
  [
    'Yahoo',
    '<div>New</div><div id="ydp1" class="ydp1 yahoo_quoted"><div>Shop wrote:</div><div>old</div></div>',
    'New[Shop wrote:old]',
  ],
  ...['From', 'Von', 'Od', 'Fra'].map((from): [string, string, string] => [
    `Outlook with ${from}`,
    `<body><div class="WordSection1"><p>New</p><p>&nbsp;</p>${outlookHead(from)}<p>old</p><p>older</p></div></body>`,
    `New [${from}: Shopoldolder]`,
  ]),
  [
    'Outlook in browsers',
    '<div>New</div><hr><div id="x_divRplyFwdMsg" dir="ltr"><font><b>From:</b> Shop</font></div><div>old</div>',
    'New[From: Shopold]',
  ],
  ['lines of somebody else', '<p>New</p><div style="border-top:solid 1px">A title</div><p>more</p>', 'NewA titlemore'],
  ['nothing but what is sent on', `<div>${outlookHead('From')}<p>theirs</p></div>`, 'From: Shoptheirs'],
  ['nothing but a quote', '<div><blockquote>theirs</blockquote></div>', 'theirs'],
]
for (const [name, given, wanted] of cases) {
  test(`folds ${name}`, () => assert.equal(folded(given), wanted))
}
