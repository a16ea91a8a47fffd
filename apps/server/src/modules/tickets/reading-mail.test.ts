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
  'base64-declared-is-plain': { subject: 'x', text: 'Pozdravljeni,\n\nzadrga se je odtrgala. Kaj naj naredim?' },
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
    text: /^▸ Fitting of, boots\n {2}2026-11-30 14:00 \(Europe\/Ljubljana\) – 2026-11-30 15:00 \(Europe\/Ljubljana\)\n {2}Shop\n {2}nives@mail\.example\n\nCome by\.$/,
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

test('a mail that is nested without end is refused', async () => {
  let raw = 'From: a@b.example\r\nSubject: x\r\n'
  for (let level = 0; level < 100; level++)
    raw += `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`
  await assert.rejects(readTicketMail(Buffer.from(raw)))
})

const odd = (headers: string, body: string | Buffer) =>
  readTicketMail(
    Buffer.concat([Buffer.from(`From: a@b.example\r\nSubject: x\r\n${headers}\r\n\r\n`), Buffer.from(body)]),
  )

test('only files that stand in the text are said to, whatever names their program gives to all', async () => {
  const part = (headers: string, body: string) => `--b\r\n${headers}\r\n\r\n${body}\r\n`
  const file = (name: string, id: string) =>
    part(`Content-Type: application/pdf; name=${name}\r\nContent-ID: <${id}>\r\nX-Attachment-Id: ${id}`, 'x')
  const read = await odd(
    'Content-Type: multipart/mixed; boundary=b',
    part('Content-Type: text/html', '<img src="cid:f%20a@mail"><p>See cid:f_b@mail</p>') +
      file('a.pdf', 'f a@mail') +
      file('b.pdf', 'f_b@mail'),
  )
  assert.deepEqual(
    read.files.map(({ name, contentId }) => [name, contentId]),
    [
      ['a.pdf', 'f a@mail'],
      ['b.pdf', undefined],
    ],
  )
})

test('a title that nobody closed hides nothing of what stands below it', async () => {
  const read = await odd('Content-Type: text/html', '<html><head><title>Zip</head><body><p>It <b>broke</b>.</p></body>')
  assert.deepEqual([read.text, read.html], ['It broke.', '<div><p>It <b>broke</b>.</p></div>'])
})

test('an invitation stands above a mail with a layout of its own, once, and says when it is called off', async () => {
  const event = (method: string) =>
    `BEGIN:VCALENDAR\nMETHOD:${method}\nBEGIN:VEVENT\nSUMMARY:Boots <b>& laces</b>\nDTSTART:20261130\nEND:VEVENT\nEND:VCALENDAR`
  const invite = (method: string) =>
    odd(
      'Content-Type: multipart/mixed; boundary=b',
      '--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n' +
        '--c\r\nContent-Type: text/html\r\n\r\n<p>Come <i>by</i>.</p>\r\n' +
        `--c\r\nContent-Type: text/calendar\r\n\r\n${event(method)}\r\n--c--\r\n` +
        `--b\r\nContent-Type: application/octet-stream; name=invite.ics\r\n\r\n${event(method)}\r\n--b--`,
    )
  const read = await invite('REQUEST')
  assert.equal(read.text, '▸ Boots <b>& laces</b>\n  2026-11-30\n\nCome by.')
  assert.deepEqual(
    read.files.map(({ name }) => name),
    ['invite.ics'],
  )
  assert.match(
    read.html!,
    /^<table class="card"><tr><td><strong>▸ Boots &lt;b&gt;&amp; laces&lt;\/b&gt;<\/strong><br>2026-11-30<\/td><\/tr><\/table><p>Come <i>by<\/i>/,
  )
  assert.match((await invite('CANCEL')).text, /^✕ Boots/)
})

test('quotes that were broken into lines are joined without their signs', async () => {
  const read = await odd(
    'Content-Type: text/plain; format=flowed',
    '> We have sent you \r\n> the parcel and \r\n> it came.\r\nThank \r\nyou.',
  )
  assert.equal(read.text, '> We have sent you the parcel and it came.\nThank you.')
})

test('no header is cut before it is read: the newest references and a late address are there', async () => {
  const ids = Array.from({ length: 45 }, (_, place) => `<${'long'.repeat(20)}-${place}@mail.example>`)
  const read = await odd(
    `References: ${ids.join('\r\n ')}\r\nX-Original-To: ${'a@b.example, '.repeat(300)}late@b.example`,
    '',
  )
  assert.deepEqual(read.references, ids)
  assert.match(read.header('x-original-to'), /late@b\.example$/)
})

test('words of charsets that browsers do not know are read in texts and headers', async () => {
  const head = 'Content-Type: text/plain; charset='
  const dos = Buffer.from([0x70, 0x6f, 0xe7, 0x74, 0x61])
  assert.equal((await odd(`${head}cp852`, dos)).text, 'pošta')
  assert.equal((await odd(`${head}utf-7`, 'Po+AWE-iljka')).text, 'Pošiljka')
  assert.equal((await odd(`${head}iso-8859-1`, 'Pošiljka')).text, 'Pošiljka')
  const wide = Buffer.from('\ufeffPošiljka', 'utf16le').toString('base64')
  assert.equal((await odd(`${head}utf-16\r\nContent-Transfer-Encoding: base64`, `${wide}\r\n`)).text, 'Pošiljka')
  const read = await readTicketMail(
    Buffer.from('From: =?cp850?Q?Bj=9Brn?= <b@b.example>\r\nSubject: =?iso-8859-1?Q?Po=C5=A1iljka?=\r\n\r\nx'),
  )
  assert.deepEqual([read.from.name, read.subject], ['Bjørn', 'Pošiljka'])
})

test('lines of quoted-printable are joined where they go on, and only there', async () => {
  const body = 'Zip=\r\nper=20\r\nbro=\nke=\r\n\r\n\r\n=C4=8Das=3D\r\nend'
  const read = await odd('Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable', body)
  assert.equal(read.text, 'Zipper \nbroke\n\nčas=\nend')
})

test('files of text stay as they came', async () => {
  const csv = Buffer.from([0x61, 0x3b, 0xe8, 0x0d, 0x0a, 0x62])
  const read = await odd(
    'Content-Type: text/csv; charset=windows-1250; name=a.csv\r\nContent-Transfer-Encoding: base64',
    csv.toString('base64'),
  )
  assert.deepEqual(read.files[0]!.content, csv)
})

test('a title that nobody closed swallows nothing; a closed one is none of the text', async () => {
  const ofHtml = (html: string) =>
    readTicketMail(Buffer.from(`From: a@b.example\r\nContent-Type: text/html\r\n\r\n${html}`))
  const open = await ofHtml('<p>Before</p><title>Zip<p>It <b>broke</b>.</p>')
  assert.match(open.html!, /Before[\s\S]*<b>broke<\/b>/)
  assert.match(open.text, /Before[\s\S]*It broke\./)
  const twice = await ofHtml('<html><head><TITLE lang="en">A<title>B</head><p>It broke.</p></html>')
  assert.match(twice.text, /It broke\.$/)
  const closed = await ofHtml('<html><head><title>Zip</title></head><body><p>It broke.</p></body></html>')
  assert.deepEqual([closed.text, closed.html!.includes('Zip')], ['It broke.', false])
})
