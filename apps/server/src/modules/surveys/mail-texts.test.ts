import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import pg from 'pg'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { headerOf, partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { newMember, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { exampleForms, formType } from './example-forms.ts'
import { insertExampleInvitation } from './example-invitations.ts'

// What the mails of a programme say, up to the mail server.

let smtp: TestSmtp
let house: TestHouse
let sql: pg.Client
let owner: Visitor
let workspaceId: string
let surveyId: string
let programmeId: string
const host = 'feedback.example.com'

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({
    ...{ LAHKO_SMTP_URL: smtp.url, LAHKO_MAIL_FROM: 'feedback@shop.example', LAHKO_MAIL_PACE: '0' },
    LAHKO_BASE_URL: `https://${host}`,
  })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  ;({ owner, id: workspaceId } = await newWorkspace(house, 'acme', visitor(house, { host })))
  surveyId = (await exampleForms(house, owner).survey()).id
  programmeId = (await owner.ask('POST', '/programmes', { name: 'After tickets', surveyId })).json().id
})
beforeEach(() => void (smtp.received.length = 0))
after(async () => {
  await sql.end()
  await house.close()
  await smtp.close()
})

const at = (path: string) => `/programmes/${programmeId}/${path}`
const texts = {
  sender: 'Nina of Acme',
  invitation: { subject: 'About {touchpoint.topic|your request}', greeting: 'Dear {customer.name|friend},' },
}

test('texts are kept as they are given, and what is wrong is named with its language', async () => {
  assert.deepEqual((await owner.ask('GET', at('texts'))).json(), {})
  const saved = await owner.ask('PUT', at('texts'), { en: texts, sl: { reminder: { closing: ' Hvala\nlepa ' } } })
  assert.deepEqual(saved.json(), { en: texts, sl: { reminder: { closing: 'Hvala\nlepa' } } })
  const cases: [object, string, string?][] = [
    [
      { sl: { invitation: { greeting: 'Hi {name|x}' } } },
      '/body/sl/invitation/greeting',
      'programmes.unknown_variable',
    ],
    [{ nb: { reminder: { subject: '{agent}' } } }, '/body/nb/reminder/subject', 'programmes.fallback_missing'],
    [{ en: { reminder: { closing: 'a { b' } } }, '/body/en/reminder/closing', 'programmes.stray_brace'],
    [{ en: { sender: '{company}' } }, '/body/en/sender', 'programmes.no_variables_here'],
    [{ en: { invitation: { subject: 'a'.repeat(151) } } }, '/body/en/invitation/subject'],
    [{ en: { invitation: { subject: 'two\nlines' } } }, '/body/en/invitation/subject'],
    [{ en: { invitation: { introduction: 'a\u0007b' } } }, '/body/en/invitation/introduction'],
  ]
  for (const [body, field, code] of cases) {
    const reply = await owner.ask('PUT', at('texts'), body)
    assert.deepEqual([reply.statusCode, reply.json().errors?.[0].field], [400, field], reply.body)
    if (code) assert.equal(reply.json().code, code)
  }
  assert.deepEqual((await owner.ask('GET', at('texts'))).json().en, texts)
})

test('an invitation says what its programme says, from whom it says, with the logo and the address', async () => {
  const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  assert.equal((await owner.ask('PUT', '/workspace/logo', png, { 'content-type': 'image/png' })).statusCode, 204)
  await owner.ask('PATCH', '/workspace', { postalAddress: 'Glavna 1\n1000 Ljubljana' })
  const wish = { workspaceId, surveyId, dueAt: house.clock.now(), language: 'en', name: 'Ana' }
  const made = await insertExampleInvitation(sql, { ...wish, reminderDays: [3] })
  await sql.query('update programmes set texts = $1 where id = $2', [{ en: texts }, made.programmeId])
  await house.due.drain()
  const [mail] = smtp.received
  assert.match(headerOf(mail!.raw, 'from') ?? '', /^"?Nina of Acme"? <feedback@shop.example>$/)
  assert.equal(headerOf(mail!.raw, 'subject'), 'About Returns')
  const text = partOf(mail!.raw, 'text/plain')
  assert.match(text, /^Dear Ana,\r?\nYou were in touch/)
  assert.match(text, /Glavna 1\r?\n1000 Ljubljana\r?\n/)
  const html = partOf(mail!.raw, 'text/html')
  assert.match(html, /<img src="https:\/\/feedback\.example\.com\/logo\?v=[0-9a-f]+" alt="Logo"/)
  assert.match(html, /Glavna 1<br>1000 Ljubljana/)
  house.clock.advance(3 * 86_400_000)
  await house.due.drain()
  assert.equal(headerOf(smtp.received[1]!.raw, 'subject'), 'Once more: About Returns')
})

test('a preview shows an example, or as if nothing were known, and what Lahko would say', async () => {
  const preview = async (body: object) => (await owner.ask('POST', at('mail-preview'), body)).json()
  const first = await preview({ language: 'en', texts })
  assert.deepEqual([first.sender, first.subject], ['Nina of Acme', 'About your order'])
  assert.match(first.text, /^Dear Alex,\n/)
  assert.match(first.presets.greeting, /^Hello Alex,$/)
  const unknown = await preview({ language: 'en', known: 'no', number: 1, texts })
  assert.equal(unknown.subject, 'Once more: About your request')
  assert.match(unknown.text, /^Dear friend,\n/)
  const slovenian = await preview({ language: 'sl' })
  assert.match(slovenian.subject, /^Kako/)
  const wrong = await owner.ask('POST', at('mail-preview'), {
    language: 'sl',
    texts: { reminder: { greeting: '{x|y}' } },
  })
  assert.equal(wrong.json().errors[0].field, '/body/texts/reminder/greeting')
})

test('the mail is a page that runs nothing, in the colours that are asked for', async () => {
  const page = async (query: string) => owner.ask('GET', `${at('mail-page')}?language=en${query}`)
  const light = await page('')
  assert.match(String(light.headers['content-security-policy']), /sandbox .*default-src 'none'/)
  assert.ok(light.body.includes('Dear Alex,') && light.body.includes('@media not all'))
  const dark = await page(`&scheme=dark&texts=${encodeURIComponent('{"invitation":{"greeting":"Oi"}}')}`)
  assert.ok(dark.body.includes('Oi<br>') && dark.body.includes('@media all'))
  for (const bad of ['{', '{"x":1}', '7']) {
    const reply = await page(`&texts=${encodeURIComponent(bad)}`)
    assert.deepEqual([reply.statusCode, reply.json().errors[0].field], [400, '/query/texts'])
  }
})

test('a test goes to oneself, counts nothing, unsubscribes nobody, and not too often', async () => {
  const body = { language: 'en', texts }
  const sent = await owner.ask('POST', at('mail-tests'), body)
  assert.equal(sent.statusCode, 201, sent.body)
  await house.due.drain()
  const [mail] = smtp.received
  assert.equal(mail!.to[0], sent.json().recipient)
  assert.equal(headerOf(mail!.raw, 'subject'), 'Test: About your order')
  assert.equal(headerOf(mail!.raw, 'list-unsubscribe'), undefined)
  const text = partOf(mail!.raw, 'text/plain')
  const customer = visitor(house, { host, address: '198.51.100.7' })
  const open = (link: string) => customer.ask('GET', `/${link.replace(`https://${host}`, '')}`)
  const asked = await open(/https:\/\/\S+\/try\/\S+score=7\S*/.exec(text)![0])
  assert.match(asked.body, /value="7"[^>]* checked/)
  const unsubscribe = await open(/https:\/\/\S+\/unsubscribe\/\S+/.exec(text)![0])
  assert.match(unsubscribe.body, /Nothing has changed/)
  assert.equal((await customer.ask('POST', '//unsubscribe/trial', Buffer.from(''), formType)).statusCode, 200)
  assert.equal((await owner.ask('GET', '/suppressions')).json().items.length, 0)
  for (let more = 1; more < 10; more++) await owner.ask('POST', at('mail-tests'), body)
  const refused = await owner.ask('POST', at('mail-tests'), body)
  assert.deepEqual([refused.statusCode, refused.json().code], [429, 'programmes.too_many_tests'])
  const { member } = await newMember(house, owner, 'viewer', 'bor@shop.example')
  assert.equal((await member.ask('POST', at('mail-tests'), body)).statusCode, 403)
})
