import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { foldQuoted } from '#platform/mail/receiving/new-text.ts'
import { countRemoteImages } from './remote-images.ts'
import { readTicketMail, type TicketMail } from './reading-mail.ts'

const folder = fileURLToPath(new URL('./odd-mails/', import.meta.url))
const read = (name: string) => readTicketMail(readFileSync(`${folder}${name}.eml`))

type Expected = {
  subject?: string
  from?: string
  name?: string
  text?: string | RegExp
  html?: RegExp
  notHtml?: RegExp
  files?: string[]
  contentIds?: string[]
  remote?: number
  sealed?: TicketMail['sealed']
  automatic?: boolean
  bulk?: boolean
  messageId?: string | null
  inReplyTo?: string
  to?: string[]
  copies?: number
  references?: number
  quoted?: RegExp | null
}

const broke = 'It broke.'
/** What each odd mail is read as. What is not said is: from Nives, about a zip, and nothing strange. */
const expected: Record<string, Expected> = {
  'charset-windows-1250': { subject: 'Pošiljka čaka', text: 'Pošiljka čaka na pošti.' },
  'charset-latin2-unlabelled': { subject: 'Brez šumnikov', text: 'Pošiljka čaka, vračam.' },
  'charset-declared-ascii': { subject: 'x', text: 'Pošiljka čaka.' },
  'charset-declared-utf8-is-not': { subject: 'x', text: 'På fredag før kl. 8, kære dere.' },
  'charset-unknown': { subject: 'x', text: 'Čaka še.' },
  'charset-iso-2022-jp': { subject: 'こんにちは', text: 'こんにちは' },
  'charset-gb2312': { subject: 'x', text: '你好，订单' },
  'charset-ks-c-5601': { subject: 'x', text: '안녕하세요' },
  'encoded-words-split-inside-a-letter': { subject: 'Pošiljka še ni prišla', text: broke },
  'encoded-word-with-line-break': { subject: 'Hello Bcc: evil@x.example', text: broke },
  'encoded-word-malformed': { subject: '=?utf-8?B?not base64 at all?= and =?bogus', text: broke },
  'raw-utf8-headers': { subject: 'Žal še čaka', from: 'ziga@mail.example', name: 'Žiga Čuk' },
  'format-flowed': { subject: 'x', text: 'This is one line that was broken.\n\nThe next one.' },
  'no-message-id': { messageId: null },
  'empty-message-id': { messageId: null },
  'message-id-without-brackets': { messageId: '<123@mail.example>', inReplyTo: '<99@mail.example>' },
  'no-headers-but-from': { from: '', name: '', subject: '', text: 'Just text.', messageId: null, to: [] },
  empty: { from: '', name: '', subject: '', text: '', messageId: null, to: [] },
  'only-headers': { name: '', subject: 'Nothing more', text: '', messageId: null, to: [] },
  'empty-body': { text: '' },
  'no-from': { from: '', name: '' },
  'from-without-address': { from: '', name: 'Nives' },
  'from-group': { from: 'ota@mail.example', name: '', to: [] },
  'from-twice': { name: 'Nives' },
  'from-quoted-name-with-address': { name: 'boss@shop.example' },
  'name-with-turned-letters': { name: 'Nives gnp.exe' },
  'bad-date': {},
  'date-of-1970': {},
  'filename-in-pieces': { text: 'See the picture.', files: ['račun za školjke.png'] },
  'filename-with-path': { text: 'A file.', files: ['_.._etc_passwd'] },
  'inline-image-with-cid': {
    text: 'Here:',
    html: /<img src="cid:logo@x" alt="logo"/,
    files: ['1.png'],
    contentIds: ['logo@x'],
  },
  'apple-image-between-without-cid': { text: /^Above\s+Below$/, html: /Above[\s\S]*Below/, files: ['photo.png'] },
  'nested-multiparts': { text: 'Deep text.', html: /<b>Deep text\.<\/b>/ },
  'no-closing-boundary': { text: 'No end.' },
  'multipart-without-boundary': { text: 'Still text.' },
  'empty-text-beside-html': { text: 'Only here a link <https://shop.example/a>' },
  'html-dangerous': {
    text: /let a = 1;\s+b\(\)/,
    html: /<p style="color:red">Hi <a[^>]*>there<\/a>[\s\S]*Send[\s\S]*<img[^>]*data-remote-src="https:\/\/t\.example\/pixel\.gif"[\s\S]*alt="kept"[\s\S]*<pre><code>let a = 1;\n {2}b\(\)<\/code><\/pre>/,
    notHtml: /script|onload|onerror|javascript|<form|<input|<iframe|<svg|position|t\.example\/x|<style|<title/i,
    remote: 1,
  },
  'html-outlook-conditional': { text: 'For all', html: /<p>For all<\/p>/, notHtml: /Only Word|endif/ },
  invitation: {
    text: /^Come by\.\n\n▸ Fitting of, boots\n {2}2026-11-30 14:00 \(Europe\/Ljubljana\) – 2026-11-30 15:00 \(Europe\/Ljubljana\)\n {2}Shop\n {2}nives@mail\.example$/,
    files: ['1.ics'],
  },
  'forwarded-as-attachment': { text: 'Forwarding.', files: ['The inner one.eml'] },
  'signed-pgp': { text: 'Signed words.', files: ['signature.asc'], sealed: 'signed' },
  'encrypted-pgp-inline': { text: /BEGIN PGP MESSAGE/, sealed: 'encrypted' },
  'encrypted-smime': { text: '', files: ['smime.p7m'], sealed: 'encrypted' },
  tnef: { text: 'From Outlook.', files: ['winmail.dat'] },
  'out-of-office': { subject: 'Out of office: Zip', automatic: true },
  newsletter: { subject: 'News', bulk: true },
  'auto-submitted-no': { subject: 'Question' },
  'null-bytes': { subject: 'A B', text: 'one two [31mred' },
  'long-header': { subject: 'x'.repeat(500) },
  'many-recipients': { copies: 100 },
  'many-references': { references: 50 },
  'bare-line-feeds': {},
  'bare-carriage-returns': { text: 'one\ntwo\nthree' },
  uuencoded: { text: /^See below\.\n\nbegin 644 a\.txt/ },
  'base64-broken': { text: /^Hello world/ },
  'encoding-unknown': {},
  'content-type-broken': { text: undefined, files: ['1.bin'] },
  'reply-quoted-slovenian': { subject: 'Re: Zip', text: /^Hvala, zdaj dela\./, quoted: /Pošljite sliko/ },
  'reply-inline': { subject: 'Re: Zip', text: /Which size/, quoted: null },
  'dsn-of-somebody-else': {
    ...{ from: 'mailer-daemon@mx.example', name: '', subject: 'Undelivered Mail Returned to Sender', text: 'Sorry.' },
    ...{ automatic: true, files: ['1.txt'] },
  },
}

test('each of the odd mails is expected', () => {
  const names = readdirSync(folder).map((file) => file.replace('.eml', ''))
  assert.ok(names.length >= 40)
  assert.deepEqual(Object.keys(expected).toSorted(), names.toSorted())
})

for (const [name, wanted] of Object.entries(expected)) {
  test(`reads ${name}`, async () => {
    const mail = await read(name)
    const { from = 'nives@mail.example', subject = 'Zip', sealed, automatic = false, bulk = false } = wanted
    assert.equal(mail.from.address, from)
    assert.equal(mail.from.name, wanted.name ?? 'Nives Oblak')
    assert.equal(mail.subject, subject)
    const text = 'text' in wanted ? wanted.text : broke
    if (typeof text === 'string') assert.equal(mail.text, text)
    else if (text) assert.match(mail.text, text)
    assert.deepEqual([mail.sealed, mail.automatic, mail.bulk], [sealed, automatic, bulk])
    if (wanted.html) assert.match(mail.html ?? '', wanted.html)
    if (wanted.notHtml) assert.doesNotMatch(mail.html ?? '', wanted.notHtml)
    assert.equal(countRemoteImages(mail.html ?? null), wanted.remote ?? 0)
    assert.deepEqual(
      mail.files.map((file) => file.name),
      wanted.files ?? [],
    )
    assert.deepEqual(
      mail.files.flatMap(({ contentId }) => contentId ?? []),
      wanted.contentIds ?? [],
    )
    assert.equal(mail.messageId, wanted.messageId === undefined ? `<${name}@mail.example>` : wanted.messageId)
    assert.equal(mail.inReplyTo, wanted.inReplyTo ?? null)
    assert.deepEqual([mail.cc.length, mail.references.length], [wanted.copies ?? 0, wanted.references ?? 0])
    if (wanted.to)
      assert.deepEqual(
        mail.to.map(({ address }) => address),
        wanted.to,
      )
    if (wanted.quoted !== undefined) {
      const { quoted } = foldQuoted(mail.text)
      if (wanted.quoted) assert.match(quoted ?? '', wanted.quoted)
      else assert.equal(quoted, null)
    }
    // A database refuses NUL, a terminal obeys others, and a header must not begin another.
    assert.doesNotMatch(JSON.stringify([mail.subject, mail.from, mail.to, mail.cc]), /\\u00|\\n|\\r/)
    assert.doesNotMatch(mail.text, /[^\P{Cc}\n\t]/u)
  })
}

test('a line of a megabyte, and thousands of nested elements, are read in time', async () => {
  const head = 'From: a@b.example\r\nSubject: x\r\n'
  const started = performance.now()
  await readTicketMail(Buffer.from(`${head}\r\n${'y'.repeat(1_000_000)}`))
  const html = `Content-Type: text/html\r\n\r\n${'<div>'.repeat(20_000)}deep${'</div>'.repeat(20_000)}`
  const nested = await readTicketMail(Buffer.from(head + html))
  assert.match(nested.html ?? '', /deep/)
  assert.ok(performance.now() - started < 8_000)
})

test('a mail that is nested without end is refused', async () => {
  let raw = 'From: a@b.example\r\nSubject: x\r\n'
  for (let level = 0; level < 100; level++)
    raw += `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`
  await assert.rejects(readTicketMail(Buffer.from(raw)))
})

test('a mail of more parts than anybody sends is refused before they fill the memory', async () => {
  const head = 'From: a@b.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n'
  assert.ok(await readTicketMail(Buffer.from(head + '--b\n\n\n'.repeat(1_900))))
  await assert.rejects(readTicketMail(Buffer.from(head + '--b\n\n\n'.repeat(2_100))), /too many parts/)
})
