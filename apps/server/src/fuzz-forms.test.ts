import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import pg from 'pg'
import type { SurveyContent } from '@lahko/contract/surveys'
import { exampleForms, hiddenIn } from './modules/surveys/example-forms.ts'
import { pageScript } from './platform/page-script.ts'
import { testHouse, type TestHouse } from './platform/testing/house.ts'
import { tokenIn } from './testing/forms.ts'
import { newWorkspace, type Visitor } from './testing/visitor.ts'

/**
 * Hostile forms and links on the pages that anybody can reach: each field gets each hostile value, then many at once.
 * The seed is fixed, so a failure comes again.
 */

const scriptIn = (path: string) => pageScript(readFileSync(new URL(`./modules/${path}`, import.meta.url), 'utf8')).code
const ownScripts = ['tickets/suggesting.js', 'articles/typing.js'].map((path) => `<script>${scriptIn(path)}</script>`)

let house: TestHouse
let owner: Visitor
let sql: pg.Client
let key: string
let surveyId: string
let answerAddress: string
let trialAddress: string

before(async () => {
  house = await testHouse()
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  owner = (await newWorkspace(house, 'fuzz')).owner
  const forms = exampleForms(house, owner)
  const survey = await forms.survey('ces-10-solved', withQuestions)
  key = survey.key
  surveyId = survey.id
  answerAddress = String((await forms.answer(key, { score: '5' })).reply.headers.location).split(/[?]|\/change/)[0]!
  await owner.ask('PUT', '/contact-form', { open: true, topics: [{ name: 'Returns' }] })
  for (const kind of ['number', 'date', 'text']) {
    const field = await owner.ask('POST', '/ticket-fields', {
      name: kind,
      kind,
      onForm: 'optional',
      topics: ['Returns'],
    })
    names.push(`f-${field.json().id}`)
  }
  trialAddress = new URL((await owner.ask('POST', `/surveys/${surveyId}/trials`)).json().url).pathname
})
after(async () => {
  await sql.end()
  await house.close()
})

function withQuestions(content: SurveyContent): void {
  content.languages = ['en']
  const options = ['phone', 'other'].map((id) => ({ id, label: { en: id } }))
  content.questions = [
    { id: 'device', kind: 'choice', text: { en: 'Device?' }, several: false, required: true, options },
    { id: 'places', kind: 'choice', text: { en: 'Places?' }, several: true, required: false, options },
    { id: 'wish', kind: 'text', text: { en: 'Wish?' }, required: false, long: true },
  ]
}

// As they stand in an address or a form, so that broken encodings come through as well.
const hostile = [
  ...[
    '',
    '+',
    '0',
    '5',
    '11',
    '-1',
    '5.0',
    '1e1',
    '٣',
    '５',
    '%00',
    'a%00b',
    '%1e',
    '%7f',
    '%c2%85',
    '%ff',
    '%',
    '%zz',
  ],
  ...['%ed%a0%80', '%ed%bf%bf%ed%a0%80', '%f0%9f%98', '%ef%bf%bf', '%e2%80%ae', '%F0%9F%98%80', '%EF%BB%BF'],
  ...[
    '__proto__',
    'constructor',
    'null',
    'undefined',
    '%5Bobject+Object%5D',
    '%7B%7D',
    '%5B%5D',
    "'%3B--",
    '%22%3E%3Cscript%3E',
  ],
  ...['too-many-steps', 'phone', 'en', 'sl', 'xx', 'x'.repeat(61), 'x'.repeat(201), `${'x'.repeat(4999)}%F0%9F%98%80`],
  ...[
    `${'x'.repeat(59)}%F0%9F%98%80`,
    '%C5%BE'.repeat(6000),
    'x'.repeat(60_000),
    '%0d%0a'.repeat(3000),
    '%2f..%2f..',
    '{{ticket.id}}',
  ],
]
const ofRequests = ['name', 'address', 'topic', 'message', 'to', 'keep-', 'keep-x']
const names: string[] = [
  ...[
    'token',
    'score',
    'lang',
    'comment',
    'leave-empty',
    'reason-0',
    'reason-9',
    'q-device',
    'q-places',
    'q-wish',
    'q-none',
  ],
  ...['h.externalId', 'h.touchpoint', 'h.kind', 'h.customer', 'h.topic', 'h.__proto__', 'h.', 'h.constructor'],
  ...ofRequests,
  ...['__proto__', 'constructor', 'score%00', 'score%5B%5D', 'reason-0%5Ba%5D', '%ff', '', 'toString'],
]

let sender = 0
/** From an address of its own: waiting is tested elsewhere. */
/** @returns where it leads */
async function expectNoBug(
  method: 'GET' | 'POST',
  url: string,
  payload?: string,
  type?: string,
): Promise<string | undefined> {
  sender++
  const reply = await house.app.inject({
    method,
    url,
    payload,
    remoteAddress: `10.${sender >> 16}.${(sender >> 8) & 255}.${sender & 255}`,
    headers: { host: 'localhost', accept: 'text/html', ...(type ? { 'content-type': type } : {}) },
  })
  const told = `${method} ${url.slice(0, 200)} ${payload?.slice(0, 300)} → ${reply.statusCode} ${reply.body.slice(0, 200)}`
  assert.ok(reply.statusCode < 500, told)
  assert.equal(reply.headers['set-cookie'], undefined, told)
  if (reply.statusCode === 303) return String(reply.headers.location)
  assert.match(reply.body, /^<!doctype html>/, told)
  // Where a page lies, for search engines, is data and never runs; the form and the search have a script of ours.
  const others = ownScripts.reduce((body, script) => body.replace(script, ''), reply.body)
  assert.doesNotMatch(others, /<script(?! type="application\/ld\+json">)/, told)
  assert.ok(reply.body.isWellFormed(), told)
  return undefined
}

const formType = 'application/x-www-form-urlencoded'
const encoded = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

/** Every page that takes a form, with a fresh token. */
async function targets(): Promise<{ url: string; fields: Record<string, string> }[]> {
  const page = await house.app.inject({ url: `/s/${key}?topic=Returns`, headers: { host: 'localhost' } })
  const fields = { ...(hiddenIn(page.body) as Record<string, string>), score: '5' }
  const contact = await house.app.inject({ url: '/requests/new', headers: { host: 'localhost' } })
  const request = { token: tokenIn(contact.body), address: 'ana@mail.example', topic: 'Returns', message: 'Help' }
  const link = `/requests/enter/${'x'.repeat(43)}`
  return [
    ...[trialAddress, answerAddress, `/s/${key}`].map((url) => ({ url, fields })),
    ...[
      '/requests/new',
      '/requests/solved',
      '/requests/link',
      '/requests/7',
      '/requests/7/solved',
      '/requests/sign-out',
      link,
    ].map((url) => ({
      url,
      fields: request,
    })),
  ]
}

/** Of the pages of surveys and of requests, those whose forms know a field; a name that no form knows is tried on two. */
async function targetsOf(name: string) {
  const all = (await targets()).slice(1)
  const requests = all.filter(({ url }) => url.startsWith('/requests'))
  if (ofRequests.includes(name) || name.startsWith('f-')) return requests.slice(0, 2)
  return [...all.filter(({ url }) => !url.startsWith('/requests')), ...(name.length > 8 ? [requests[0]!] : [])]
}

test('no field of a form, whatever stands in it, is ever a bug of ours', async () => {
  for (const name of names) {
    const all = hostile.map(async (value) => {
      for (const { url, fields } of await targetsOf(name))
        await expectNoBug('POST', url, encoded({ ...fields, [name]: value }), formType)
    })
    await Promise.all(all)
  }
})

test('no link is a bug of ours', async () => {
  const addresses = [
    ...[`/s/${key}`, answerAddress, `${answerAddress}/change`, trialAddress, `${trialAddress}/sent`],
    ...['/requests', '/requests/new', '/requests/link', '/requests/7', '/requests/r/x', '/requests/enter/x'],
  ]
  for (const name of ['score', 'lang', 'topic', 'kind', 'to', 'before', '__proto__', '%ff']) {
    const short = hostile.filter((value) => value.length < 10_000)
    const all = short.flatMap((value) => addresses.map((url) => expectNoBug('GET', `${url}?${name}=${value}`)))
    await Promise.all(all)
  }
})

test('nothing in an address or a form of the help pages is a bug of ours', async () => {
  const made = async (path: string, body: object) => (await owner.ask('POST', path, body)).json().id as string
  const collectionId = await made('/article-collections', { titles: { en: 'Repairs' } })
  const id = await made('/articles', { collectionId, language: 'en', title: 'Mend a zip', body: 'x' })
  await owner.ask('PUT', `/articles/${id}/translations/en/publication`, { revision: 1 })
  const page = '/help/en/mend-a-zip'
  const post = (url: string, fields: Record<string, string>) => expectNoBug('POST', url, encoded(fields), formType)
  const given = (await post(`${page}/helpful`, { helpful: 'no' }))!
  assert.match(given, /\/r\/[\w-]{43}$/)
  for (const value of hostile.filter(({ length }) => length < 10_000)) {
    const inQuery = [
      '/help/search?q=',
      '/help/search?lang=en&q=',
      '/help/en/repairs?after=',
      '/help?lang=',
      '/help/search?__proto__=',
      '/help/search?lang=en&q=zip&e=',
      `${page}?e=`,
    ]
    for (const address of inQuery) await expectNoBug('GET', address + value)
    for (const query of ['q=', 'q=zip&lang=', 'q=zip&e=']) {
      const { statusCode, body } = await house.app.inject(`/help/search/typed?${query}${value}`)
      assert.ok(statusCode < 500 && !/<(?!\/?(div|a|strong|span|small)\b)/.test(body), `${query}${value} ${body}`)
    }
    const path = value.replaceAll(/[?#/]/g, '') || 'x'
    if (path !== 'en' && path !== 'sl')
      for (const address of [`/help/${path}`, `/help/en/${path}`, `${page}/r/${path}`])
        await expectNoBug('GET', address)
    await post(`${page}/helpful`, { e: value, helpful: 'yes' })
    await post(`${page}/helpful`, { helpful: value })
    await post(given, { reason: value, comment: value, e: value })
  }
  const { rows } = await sql.query('select comment from article_votes where comment is not null')
  assert.equal(rows.length, 1)
  assert.ok(rows[0].comment.isWellFormed() && rows[0].comment.length <= 2000)
})

test('many hostile fields at once, twice the same, or none of a form at all', async () => {
  const pairs = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...hostile)), { maxLength: 12 })
  const body = fc.oneof(
    pairs.map((all) => ({ type: formType, payload: all.map(([name, value]) => `${name}=${value}`).join('&') })),
    fc.string({ unit: 'binary', maxLength: 200 }).map((payload) => ({ type: formType, payload })),
    fc
      .record({ score: fc.anything(), token: fc.anything(), comment: fc.anything(), 'reason-0': fc.anything() })
      .map((value) => ({ type: 'application/json', payload: jsonOf(value) })),
    fc.jsonValue().map((value) => ({ type: 'application/json', payload: jsonOf(value) })),
    fc
      .constantFrom('text/plain', 'multipart/form-data', 'application/xml', '')
      .map((type) => ({ type, payload: 'a=b' })),
  )
  await fc.assert(
    fc.asyncProperty(body, fc.boolean(), async ({ type, payload }, ours) => {
      for (const { url, fields } of await targets()) {
        const whole = ours && type === formType ? `${encoded(fields)}&${payload}` : payload
        await expectNoBug('POST', url, whole, type)
      }
    }),
    { seed: 20261120, numRuns: 60 },
  )
})

function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)) ?? 'null'
}

test('whatever was kept of it fits the survey and is whole', async () => {
  const { rows } = await sql.query('select score, reasons, comment, answers, attributes, language from responses')
  const { rows: messages } = await sql.query('select from_name, from_address, text, subject from ticket_messages')
  assert.ok(messages.length > 100, `${messages.length} were kept`)
  for (const message of messages) {
    assert.ok(JSON.stringify(message).isWellFormed())
    assert.ok(message.text.length <= 20_000 && message.from_address.includes('@'))
  }
  assert.ok(rows.length > 100, `${rows.length} were kept`)
  for (const row of rows) {
    assert.ok(row.score >= 1 && row.score <= 10)
    assert.equal(row.language, 'en')
    assert.ok(JSON.stringify(row).isWellFormed())
    assert.ok((row.comment ?? '').length <= 5000)
    for (const id of Object.keys(row.answers)) assert.ok(['device', 'places', 'wish'].includes(id), id)
  }
})
