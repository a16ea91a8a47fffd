import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foldQuotes } from './folding-html.ts'
import { readTicketMail, type TicketMail } from './reading-mail.ts'

// Mails are read where all requests are answered: none may take longer than its size explains.

const head = 'From: a@b.example\r\nSubject: x\r\n'
const mail = (headers: string, body: string) => readTicketMail(Buffer.from(`${head}${headers}\r\n\r\n${body}`))
const ofHtml = (body: string) => mail('Content-Type: text/html', body)
const mostMs = 1_000

/** Of this thread alone: the machine has other things to do. */
async function msOf(read: () => Promise<TicketMail>): Promise<number> {
  const before = process.threadCpuUsage()
  const { html, text } = await read()
  assert.ok(text.length <= 500_000)
  if (html) foldQuotes(html, 'Quoted')
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

const costly: [string, () => Promise<TicketMail>][] = [
  ['430 kB of <div>', () => ofHtml('<div>'.repeat(86_000))],
  ['1.5 MB of <div>', () => ofHtml('<div>'.repeat(300_000))],
  ['150,000 <blockquote>', () => ofHtml('<blockquote>'.repeat(150_000))],
  ['half a million ends of elements', () => ofHtml('<div>'.repeat(900) + '</b>'.repeat(500_000))],
  ['two million brackets', () => ofHtml('<'.repeat(2_000_000))],
  ['brackets in what is nested too deeply', () => ofHtml('<div>'.repeat(1_100) + '<'.repeat(2_000_000))],
  ['three hundred thousand titles that nobody closes', () => ofHtml('<title'.repeat(330_000))],
  ['half a million comments that do not end', () => ofHtml('<!--'.repeat(500_000))],
  ['a million short lines', () => mail('', 'a\r\n'.repeat(1_000_000))],
  [
    'a million short lines, quoted printable',
    () => mail('Content-Transfer-Encoding: quoted-printable', 'a\r\n'.repeat(1_000_000)),
  ],
  [
    'a million lines of a dump',
    () => mail('Content-Type: multipart/mixed; boundary=b', `--b\r\n\r\n${'--\r\n'.repeat(1_000_000)}`),
  ],
  [
    'half a million lines of base64, each padded',
    () => mail('Content-Transfer-Encoding: base64', 'YQo=\r\n'.repeat(500_000)),
  ],
  ['a picture of 20 MB in the text', () => ofHtml(`<img src="data:image/png;base64,${'A'.repeat(20_000_000)}">`)],
  ['100,000 references', () => mail(`References: ${'<abc@x.example> '.repeat(100_000)}`, 'x')],
]
for (const [name, read] of costly) {
  test(`reads in time: ${name}`, async () => {
    const taken = await msOf(read)
    assert.ok(taken < mostMs, `${taken} ms`)
  })
}

test('HTML that is nested more deeply than anybody writes, or of too many tags, is given as text, and said so', async () => {
  const deep = await ofHtml(`${'<div>'.repeat(1_100)}deep &amp; down${'</div>'.repeat(1_100)}`)
  assert.deepEqual([deep.text, deep.html, deep.cut], ['deep & down', undefined, true])
  const many = await ofHtml('<b>x</b>'.repeat(100_001))
  assert.deepEqual([many.html, many.cut], [undefined, true])
  const usual = await ofHtml(`${'<div>'.repeat(200)}deep${'</div>'.repeat(200)}`)
  assert.deepEqual([usual.text, usual.html?.includes('deep'), usual.cut], ['deep', true, false])
})

test('a picture in the HTML becomes a file, and what stands below it stays', async () => {
  const picture = Buffer.alloc(1_600_000, 'picture')
  const read = await ofHtml(
    `<p>Above</p><img alt="x" src="data:image/jpg;base64,${picture.toString('base64')}"><p>Below</p>`,
  )
  assert.match(read.html!, /^<p>Above<\/p><img alt="x" src="cid:picture-1@data\.invalid" \/><p>Below<\/p>$/)
  const [file] = read.files
  assert.deepEqual([file!.name, file!.mediaType, file!.contentId], ['1.jpg', 'image/jpeg', 'picture-1@data.invalid'])
  assert.ok(file!.content.equals(picture))
  assert.deepEqual([read.text, read.cut], ['Above\n\nBelow', false])
  const small = await ofHtml('<img src="data:image/png;base64,AAAA">x')
  assert.deepEqual([small.files, small.html], [[], '<img src="data:image/png;base64,AAAA" />x'])
})

test('whatever is cut is said', async () => {
  assert.equal((await ofHtml(`<p>x</p>`.concat('y'.repeat(2_000_000)))).cut, true)
  assert.equal((await mail('', 'y'.repeat(500_001))).cut, true)
  const files = Array.from({ length: 201 }, () => '--b\r\nContent-Type: image/png\r\n\r\nx\r\n').join('')
  const many = await mail('Content-Type: multipart/mixed; boundary=b', files)
  assert.deepEqual([many.files.length, many.cut], [200, true])
  assert.equal((await mail('', 'y'.repeat(400_000))).cut, false)
})

test('lines of signs are no parts, and parts without end are refused', async () => {
  const dump = await mail('Content-Type: text/plain', '-- Table\r\n'.repeat(5_000))
  assert.equal(dump.text.split('\n').length, 5_000)
  const inParts = await mail(
    'Content-Type: multipart/mixed; boundary=b',
    `--b\r\n\r\n${'-- Table\r\n'.repeat(5_000)}--b--\r\n`,
  )
  assert.equal(inParts.text.split('\n').length, 5_000)
  assert.ok(await mail('Content-Type: multipart/mixed; boundary=b', '--b\r\n\r\n\r\n'.repeat(1_900)))
  await assert.rejects(
    mail('Content-Type: multipart/mixed; boundary=b', '--b\r\n\r\n\r\n'.repeat(2_100)),
    /too many parts/,
  )
  await assert.rejects(
    mail('Content-Type: multipart/mixed; boundary*0="b"; boundary*1="c"', '--bc\r\n\r\n\r\n'.repeat(2_100)),
    /too many parts/,
  )
})
