import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { judge, type Judgement } from './judging.ts'
import { readMail } from './reading.ts'

const folder = new URL('./examples/', import.meta.url)
const read = (name: string) => readFileSync(new URL(`${name}.eml`, folder))
const own = ['feedback@shop.example']
const judgeExample = async (name: string) => judge(await readMail(read(name)), own)

/** Who has nobody at the address is not written to again; the others may be. */
const bounces: [name: string, status: string | null, badAddress: boolean, says: RegExp][] = [
  ['bounce-postfix', '5.1.1', true, /^550 5\.1\.1 <nives@kupec\.example>: Recipient address rejected: User unknown/],
  ['bounce-no-such-domain', '5.4.4', true, /^Host or domain name not found/],
  ['bounce-null-mx', '5.1.10', true, /nullMX/],
  ['bounce-refused-as-spam', '5.7.1', false, /looks like spam/],
  ['bounce-given-up', '4.4.1', false, /Connection timed out/],
  ['bounce-exchange-full', '5.2.2', false, /mailbox full/],
  ['bounce-exchange-vague-status', '5.1.10', true, /RecipientNotFound/],
  ['bounce-account-disabled', '5.2.1', true, /disabled/],
  ['bounce-gmail', '5.1.1', true, /does not exist/],
  ['bounce-exim', null, true, /550 No such user here/],
  ['bounce-qmail', '5.1.1', true, /no mailbox here by that name/],
  ['bounce-qmail-full', '4.2.2', false, /over quota/],
  ['bounce-words-only', null, true, /recipient could not be found/],
  ['bounce-norwegian', '5.2.2', false, /552 5\.2\.2 Quota/],
]
for (const [name, status, badAddress, says] of bounces) {
  test(`${name} came back for good${badAddress ? ', since there is nobody' : ''}`, async () => {
    const judgement = await judgeExample(name)
    assert.equal(judgement.kind, 'bounce')
    const { says: said, recipients: _, ...rest } = judgement as Extract<Judgement, { kind: 'bounce' | 'delay' }>
    assert.deepEqual(rest, { kind: 'bounce', status, badAddress })
    assert.match(said, says)
  })
}

test('a bounce names each address that it is about, with what is said of each', async () => {
  const reportOf = (...groups: string[][]) => [
    ...[
      'From: MAILER-DAEMON@mx.example',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '',
    ],
    ...['--b', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.example', ''],
    ...groups.flatMap((group) => [...group, '']),
    '--b--',
  ]
  const recipientsOf = async (lines: string[]) => {
    const judgement = judge(await readMail(Buffer.from(lines.join('\r\n'))), own)
    assert.equal(judgement.kind, 'bounce')
    return (judgement as Extract<Judgement, { kind: 'bounce' | 'delay' }>).recipients
  }
  const report = reportOf(
    ['Final-Recipient: rfc822; nives@inner.example', 'Original-Recipient: rfc822;Nives@Mail.example'].concat([
      'Action: failed',
      'Status: 5.1.1',
      'Diagnostic-Code: smtp; 550 5.1.1 user unknown',
    ]),
    ['Final-Recipient: rfc822; <ota@mail.example>', 'Action: delivered', 'Status: 2.0.0'],
    ['Final-Recipient: rfc822; eva@mail.example', 'Action: failed', 'Status: 5.2.2'],
  )
  assert.deepEqual(await recipientsOf(report), [
    { address: 'nives@mail.example', status: '5.1.1', says: '550 5.1.1 user unknown' },
    { address: 'eva@mail.example', status: '5.2.2', says: '' },
  ])
  const words = [
    ...['From: Mailer-Daemon@mx.example', 'X-Failed-Recipients: nives@mail.example,', '  eva@mail.example'],
    ...['Subject: Mail delivery failed: returning message to sender', '', 'It could not be delivered to:', ''],
    ...['  nives@mail.example', '    host mx.mail.example: 550 No such user here', '  eva@mail.example'],
    ...['    host mx.mail.example: 552 5.2.2 mailbox full'],
  ]
  assert.deepEqual(await recipientsOf(words), [
    { address: 'nives@mail.example', status: null, says: 'host mx.mail.example: 550 No such user here' },
    { address: 'eva@mail.example', status: '5.2.2', says: 'host mx.mail.example: 552 5.2.2 mailbox full' },
  ])
  assert.deepEqual(await recipientsOf(reportOf(['Action: failed', 'Status: 5.0.0'])), [])
})

for (const name of ['delay-postfix', 'delay-exchange', 'delay-exim']) {
  test(`${name} has not come back: the server tries on`, async () => {
    const judgement = await judgeExample(name)
    assert.equal(judgement.kind, 'delay')
    assert.equal((judgement as { badAddress: boolean }).badAddress, false)
  })
}

test('a complaint says of what kind it is', async () => {
  assert.deepEqual(await judgeExample('complaint'), { kind: 'complaint', says: 'abuse, 192.0.2.1' })
})

const aside: [string, string][] = [
  ['aside-delivered', 'delivered'],
  ['aside-not-spam', 'other_feedback'],
  ['aside-receipt', 'receipt'],
  ['aside-mailing-list', 'mailing_list'],
  ['aside-own-mail', 'own_mail'],
  ['aside-unknown-report', 'unknown_report'],
]
for (const [name, reason] of aside) {
  test(`${name} is set aside`, async () => {
    assert.deepEqual(await judgeExample(name), { kind: 'set_aside', reason })
  })
}

const away: [string, string][] = [
  ['away-exchange', 'Jeg er på ferie til 1. desember.'],
  ['away-gmail', 'I am away until Monday.'],
  ['away-zimbra', 'Odsotna sem do ponedeljka.'],
  ['away-subject-only', 'Do 1. decembra me ni v pisarniž.'],
]
for (const [name, text] of away) {
  test(`${name} is a program’s answer`, async () => {
    assert.deepEqual(await judgeExample(name), { kind: 'auto_reply', text })
  })
}

const replies: [string, string][] = [
  ['reply-gmail-sl', 'Trikrat sem klicala, preden je kdo dvignil.\n\nNaročila še vedno nimam.'],
  ['reply-outlook-nb', 'Jeg måtte ringe to ganger.'],
  ['reply-outlook-sl', 'Vse je bilo v redu, hvala za pomoč.'],
  ['reply-apple-sl', 'Predolgo sem čakala.'],
  ['reply-gmail-nb', 'Helt greit, takk.'],
  ['reply-inline-en', 'Not at all: I called three times.'],
  ['reply-html-only', 'Easy & quick.\nThank you!'],
  [
    'reply-about-delivery',
    'The parcel could not be delivered: the address does not exist, said the courier. 5.1.1 is our house number.',
  ],
  ['reply-hostile-headers', 'OK   fine'],
]
for (const [name, text] of replies) {
  test(`${name} keeps what its writer wrote`, async () => {
    assert.deepEqual(await judgeExample(name), { kind: 'reply', text })
  })
}

test('every example stands in a table', () => {
  const names = readdirSync(folder).map((file) => file.replace('.eml', ''))
  const known = [
    ...[...bounces, ...aside, ...away, ...replies].map(([name]) => name),
    ...['delay-postfix', 'delay-exchange', 'delay-exim', 'complaint'],
  ]
  assert.deepEqual(names.toSorted(), known.toSorted())
})

test('a header brings no line and no control character with it', async () => {
  const { subject, header } = await readMail(read('reply-hostile-headers'))
  assert.equal(subject, 'Re: a Bcc: evil@x.example [31m')
  assert.doesNotMatch(`${subject}${header('from')}`, /\p{Cc}/u)
})

test('a report brings no control character with it, which a database would refuse', async () => {
  const raw = read('bounce-postfix').toString('latin1').replace('User unknown', 'User\u0000unknown\u001b[31m')
  const { says } = judge(await readMail(Buffer.from(raw, 'latin1')), own) as { says: string }
  assert.match(says, /User unknown/)
  assert.doesNotMatch(says, /\p{Cc}/u)
})

test('what is no mail at all is read without an error', async () => {
  const nested = `Content-Type: multipart/mixed; boundary=a\r\n\r\n${'--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n'.repeat(3000)}`
  for (const raw of ['', '\u0000\u0001', 'no header', '\r\n\r\n']) judge(await readMail(Buffer.from(raw)), own)
  await assert.rejects(readMail(Buffer.from(nested)), /nest/i)
})

/** Bodies on which patterns that try every way would stand still. */
const slow: Record<string, string> = {
  quotes: `${'> On 1.1. '.repeat(9000)}\r\n${'wrote '.repeat(20_000)}`,
  blanks: `x${'\n\n \n'.repeat(12_000)}x`,
  on: 'On '.repeat(16_000),
  wrote: 'On a wrote <'.repeat(4_000),
  schreef: 'Op schreef\n'.repeat(4_500),
  skrev: 'abc. 1.1. skrev \n'.repeat(3_000),
  separator: `--${' '.repeat(49_000)}x`,
  separated: `-- original message${' '.repeat(49_000)}x`,
  regards: 'kind and kind and '.repeat(2_700),
  html: `<p>${'On <'.repeat(16_000)}`,
}
for (const [name, text] of Object.entries(slow)) {
  test(`a flood of ${name} is judged in less than a second of the processor’s time`, async () => {
    const body = Buffer.from(text).toString('base64')
    const type = name === 'html' ? 'Content-Type: text/html\r\n' : ''
    const raw = `From: a@b.example\r\nSubject: Re: x\r\n${type}Content-Transfer-Encoding: base64\r\n\r\n${body}`
    // A busy machine takes longer by the clock, and no more of the processor.
    const before = process.cpuUsage()
    judge(await readMail(Buffer.from(raw)), own)
    const { user } = process.cpuUsage(before)
    assert.ok(user < 1_000_000, `${user} µs`)
  })
}
