import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { permissions, type Entry } from '@lahko/contract'
import { notify } from '../modules/notices/index.ts'
import { exampleNews } from '../modules/notices/example-news.ts'
import { insertSearches } from '../modules/articles/searches.queries.ts'
import { getVote, giveReason, vote } from '../modules/articles/votes.ts'
import { decideSome } from '../modules/surveys/deciding.ts'
import { insertFailedJob } from '../platform/failed-jobs.ts'
import { queueMail } from '../platform/mail/queueing.ts'
import { insertReturnedMail, updateVerdict } from '../platform/mail/receiving/returned-mails.queries.ts'
import { system } from '../platform/store.ts'
import type { TestHouse } from '../platform/testing/house.ts'
import { receiveMails } from './receiving-mails.ts'

/** A workspace made through the API, as its owner would; later ones need a house with `LAHKO_SIGNUP=open`. */
export type TestWorkspace = { host: string; cookie: string }

export async function testWorkspace(house: TestHouse, slug: string): Promise<TestWorkspace> {
  const reply = await house.app.inject({
    method: 'POST',
    url: '/api/v1/sign-ups',
    payload: {
      name: 'Ana Kovač',
      email: `ana@${slug}.example`,
      password: 'seven quiet mountains',
      workspace: { name: slug, slug, language: 'en', timeZone: 'Europe/Ljubljana' },
    },
  })
  assert.equal(reply.statusCode, 201, reply.body)
  const { workspaceUrl } = reply.json() as { workspaceUrl: string }
  const { host } = new URL(workspaceUrl)
  const cookie =
    cookieOf(reply) ?? cookieOf(await house.app.inject({ url: new URL(workspaceUrl).pathname, headers: { host } }))
  assert.ok(cookie, 'signing up gives a session')
  return { host, cookie }
}

/** A key with every permission. */
export async function keyOf(house: TestHouse, { host, cookie }: TestWorkspace): Promise<string> {
  const reply = await house.app.inject({
    method: 'POST',
    url: '/api/v1/keys',
    headers: { host, cookie, 'sec-fetch-site': 'same-origin' },
    payload: { name: 'Everything', scopes: [...permissions] },
  })
  assert.equal(reply.statusCode, 201, reply.body)
  return (reply.json() as { key: string }).key
}

/** One of each thing that has an address. */
export type Subjects = { paramsFor(name: string, entry: Entry): Record<string, string> }

export async function subjectsOf(house: TestHouse, workspace: TestWorkspace): Promise<Subjects> {
  const ask = async <T>(
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    payload?: string | object,
    type = 'application/json',
  ) => {
    const headers = {
      host: workspace.host,
      cookie: workspace.cookie,
      'sec-fetch-site': 'same-origin',
      'content-type': type,
    }
    const reply = await house.app.inject({
      method,
      url: `/api/v1${url}`,
      headers: payload === undefined ? { ...headers, 'content-type': undefined } : headers,
      payload,
    })
    assert.ok(reply.statusCode < 300, `${method} ${url}: ${reply.body}`)
    return reply.json() as T
  }
  const first = async (url: string) => (await ask<{ items: { id: string }[] }>('GET', url)).items[0]!.id
  const survey = await first('/surveys')
  const { results } = await ask<{ results: { id: string }[] }>('POST', '/responses', {
    survey,
    score: 7,
    customer: { externalId: 'c-1' },
    touchpoint: { externalId: 't-1', kind: 'ticket', endedAt: house.clock.now().toISOString() },
  })
  const reported = await ask<{ results: { id: string }[] }>('POST', '/touchpoints', { kind: 'call' })
  const hook = await ask<{ hook: { id: string } }>('POST', '/inbound-hooks', { system: 'zammad', name: 'Desk' })
  const imported = await ask<{ id: string }>(
    'POST',
    `/surveys/${survey}/imports?name=a.csv`,
    'score\n9\n',
    'application/octet-stream',
  )
  const { workspace: own } = await ask<{ workspace: { id: string } }>('GET', '/me')
  const customerImport = await ask<{ id: string }>(
    'POST',
    '/customer-imports?name=a.csv',
    'email\nana@mail.example\n',
    'application/octet-stream',
  )
  const invited = await ask<{ invitation: { id: string } }>('POST', '/member-invitations', {
    ...{ email: 'new@mail.example', role: 'agent' },
  })
  // A minute later it may be sent again.
  house.clock.advance(60_000)
  await house.store.write({ workspaceId: own.id, actor: system }, (tx) =>
    insertFailedJob(tx, { task: 'tidy', payload: {}, error: 'no server' }),
  )
  await house.store.write({ workspaceId: own.id, actor: system }, (tx) =>
    queueMail(tx, house.config.mail, {
      ...{ kind: 'note', subjectId: own.id, number: 0, recipient: 'a@b.example', fromName: 'A', subject: 's' },
      ...{ text: 't', html: 'h', headers: {} },
    }),
  )
  await house.store.write({ workspaceId: own.id, actor: system }, (tx) =>
    notify(house, tx, [exampleNews(results[0]!.id)]),
  )
  const notice = await first('/notices')
  const muted = await ask<{ id: string }>('PUT', `/notices/${notice}/mute`, { until: null })
  const raw = Buffer.from('From: a@b.example\r\nSubject: s\r\n\r\nt\r\n')
  await house.store.write({ workspaceId: own.id, actor: system }, async (tx) => {
    const came = { fingerprint: Buffer.alloc(32), raw, size: raw.length, sender: 'a@b.example', subject: 's' }
    const id = await insertReturnedMail(tx, came)
    await updateVerdict(tx, id!, { kind: 'set_aside', reason: 'about_no_mail' })
  })
  const suppressed = await ask<{ id: string }>('POST', '/suppressions', { address: 'no@mail.example' })
  const opened = await ask<{ id: string }>('POST', '/tickets', {
    ...{ subject: 'A zip', text: 'It broke.', from: { address: 'nives@mail.example' } },
  })
  const view = await ask<{ id: string }>('POST', '/ticket-views', { name: 'Mine', filter: { owner: 'me' } })
  const mailbox = await ask<{ id: string }>('POST', '/mailboxes', { name: 'Help', address: 'help@mail.example' })
  await receiveMails(house, { workspaceId: own.id, actor: system }, mailbox.id)
  const blocked = await ask<{ id: string }>('POST', '/blocked-senders', { sender: 'spam@mail.example' })
  const mailed = await first('/tickets?channel=email')
  const entries = await ask<{ items: { type: string; id: string }[] }>('GET', `/tickets/${mailed}/entries`)
  const file = await ask<{ id: string }>('POST', '/files?name=a.txt', 'text', 'application/octet-stream')
  const macro = await ask<{ id: string }>('POST', '/macros', { name: 'Sorry', texts: { en: 'Sorry.' } })
  const known = await first('/customers?externalId=c-1')
  await ask('POST', `/customers/${known}/addresses`, { address: 'other@mail.example' })
  const otherId = await first('/customers?email=nives@mail.example')
  const organisation = await ask<{ id: string }>('POST', '/organisations', {
    ...{ name: 'Alpine club', addresses: ['other@mail.example'] },
  })
  const note = await ask<{ id: string }>('POST', `/customers/${known}/notes`, { text: 'Calls at noon.' })
  const field = await ask<{ id: string }>('POST', '/ticket-fields', { name: 'Size', kind: 'text' })
  const collection = await ask<{ id: string }>('POST', '/article-collections', { titles: { en: 'Repairs' } })
  const article = await ask<{ id: string }>('POST', '/articles', {
    ...{ collectionId: collection.id, language: 'en', title: 'Mend a zip', body: 'With *pliers*.' },
  })
  await ask('PUT', `/articles/${article.id}/translations/en/publication`, { revision: 1 })
  const synonyms = await ask<{ id: string }>('POST', '/synonyms', { language: 'en', words: ['zip', 'zipper'] })
  const searched = { language: 'en' as const, words: 'torn zip', question: 'torn zip', asked_on: '2026-11-20' }
  const found = { results: 0, fit: 0, suggested: false, watched: true }
  const random = { id: randomUUID(), asking: randomUUID() }
  await house.store.write({ workspaceId: own.id, actor: system }, (tx) =>
    insertSearches(tx, [{ ...searched, ...found, ...random }]),
  )
  const settlement = await ask<{ id: string }>('POST', '/search-settlements', {
    ...{ language: 'en', question: 'torn zip', outcome: 'dismissed' },
  })
  const gap = await ask<{ id: string }>('POST', `/tickets/${opened.id}/article-gaps`, {
    ...{ kind: 'wrong', text: 'Pliers break it.', articleId: article.id },
  })
  const voted = await voteAs(house, own.id, article.id)
  const programme = await ask<{ id: string }>('POST', '/programmes', { name: 'All', surveyId: survey })
  await house.store.write({ workspaceId: own.id, actor: system }, (tx) => decideSome(tx))
  const ids: Record<string, string> = {
    ...{ programmes: programme.id, invitations: await first('/invitations') },
    ...{ surveys: survey, responses: results[0]!.id, members: await first('/members') },
    organisations: organisation.id,
    ...{ customers: known, 'customer-notes': note.id, 'ticket-fields': field.id },
    ...{ touchpoints: reported.results[0]!.id, 'inbound-hooks': hook.hook.id },
    ...{ jobs: await first('/jobs/failed'), notices: notice, 'notice-mutes': muted.id },
    ...{ suppressions: suppressed.id, mails: await first('/mails') },
    ...{ 'customer-imports': customerImport.id, tickets: opened.id },
    ...{ 'ticket-views': view.id, mailboxes: mailbox.id, files: file.id, macros: macro.id },
    ...{ 'blocked-senders': blocked.id },
    ...{ 'incoming-mails': await first('/incoming-mails?outcome=set_aside') },
    ...{ 'ticket-messages': entries.items.find(({ type: kind }) => kind === 'message')!.id },
    ...{ 'member-invitations': invited.invitation.id },
    ...{ 'returned-mails': await first('/returned-mails') },
    ...{ 'article-collections': collection.id, articles: article.id, 'article-gaps': gap.id, 'article-votes': voted },
    ...{ synonyms: synonyms.id, 'search-settlements': settlement.id },
    ...{ keys: await first('/keys'), sessions: await first('/sessions') },
  }
  return {
    paramsFor: (_, entry) => ({
      ...{ id: ids[entry.path.split('/')[1]!]!, importId: imported.id, on: '2026-11-20' },
      address: 'other@mail.example',
      place: '0',
      ...{ language: 'en', number: '1' },
      otherId,
      ticketId: opened.id,
      linkedId: mailed,
    }),
  }
}

/** A body that each entry would take for its own things; a function takes the ids of their survey and of the thing. */
export const validBodies: Record<string, unknown> = {
  'accounts.changeMember': { role: 'agent' },
  'programmes.change': (surveyId: string) => ({ name: 'Another name', surveyId }),
  'programmes.setState': { state: 'on' },
  'mailboxes.change': { name: 'Help', address: 'help@mail.example' },
  'mailTexts.change': { en: { invitation: { greeting: 'Hello {customer.name|there},' } } },
  'mailTexts.preview': { language: 'en' },
  'mailTexts.test': { language: 'en' },
  'notices.mute': { until: null },
  'notices.test': { kind: 'ticket_new', way: 'bell' },
  'people.changeCustomer': { name: 'Ana' },
  'tickets.change': { priority: 'high' },
  'tickets.changeRules': { thanksStaySolved: false },
  'tickets.merge': (_: string, id: string) => ({ intoId: id }),
  'tickets.link': { kind: 'related' },
  'tickets.read': { writes: true },
  'tickets.changeView': { name: 'Urgent', filter: { priority: 'urgent' } },
  'tickets.write': { kind: 'note', text: 'Look at the zip.' },
  'tickets.saveDraft': { kind: 'reply', text: 'Sor', recipients: [] },
  'macros.change': { name: 'Sorry', texts: { nb: 'Beklager.' } },
  'organisations.change': { name: 'Alpine society' },
  'organisations.addAddress': { address: 'alpine.example' },
  'organisations.merge': { intoId: '018f0000-0000-7000-8000-000000000000' },
  'organisations.addNote': { text: 'Pays late.' },
  'people.addAddress': { address: 'third@mail.example' },
  'people.mergeCustomer': { intoId: '018f0000-0000-7000-8000-000000000000' },
  'people.addNote': { text: 'Calls at noon.' },
  'articles.changeCollection': { titles: { sl: 'Popravila' } },
  'articles.placeCollection': { parentId: null, position: 0 },
  'articles.change': { audience: 'signed-in' },
  'articles.place': { position: 0 },
  'articles.askReview': { revision: 1 },
  'articles.decideReview': { outcome: 'returned', revision: 1, answer: 'The slider is missing.' },
  'articles.reportGap': { kind: 'missing', text: 'How to wax a zip.' },
  'articles.importArticles': { files: [{ path: 'repairs/wax.en.md', text: '---\ntitle: Wax\n---\nRub it in.' }] },
  'articles.closeGap': { outcome: 'dismissed' },
  'articles.saveDraft': { title: 'Mend a zip', body: 'With **pliers**.', revision: 1 },
  'articles.publish': { revision: 1 },
  'articles.schedule': { publishAt: null, unpublishAt: '2027-01-01T00:00:00Z' },
  'articles.restore': { revision: 1 },
  'synonyms.change': { words: ['zip', 'fastener'] },
  'contactForm.changeField': { name: 'Size', kind: 'text' },
  'contactForm.setValues': { values: {} },
  'touchpoints.setHookSecret': {},
  'touchpoints.change': { topic: 'Returns' },
  'surveys.change': { name: 'Another name' },
  'surveys.publish': {},
  'surveys.setState': { state: 'paused' },
  'surveys.exclude': { reason: 'spam' },
  'customerImports.check': { mapping: { email: 'email' } },
  'surveys.upload': 'score\n9\n',
  'surveys.checkImport': { score: 'score' },
  'surveys.saveDraft': {
    languages: ['en'],
    score: {
      text: { en: 'How easy was it?' },
      scale: { id: 'ces-10', family: 'effort', min: 1, max: 10, direction: 'high-is-easy' },
      look: 'numbers',
      lowLabel: { en: 'very hard' },
      highLabel: { en: 'very easy' },
    },
    reasons: [],
    comment: null,
    questions: [],
    thanks: { hard: { en: 'Read today.' }, neither: { en: 'Read today.' }, easy: { en: 'Read today.' } },
  },
}

/** What a reader says of an article. @returns its id */
async function voteAs(house: TestHouse, workspaceId: string, articleId: string): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  return house.store.write({ workspaceId, actor: system }, async (tx) => {
    await vote(tx, token, { article_id: articleId, language: 'en', number: 1, helpful: false })
    await giveReason(tx, token, { reason: 'unclear', comment: 'Which pliers?' })
    return (await getVote(tx, token)).id
  })
}

function cookieOf(reply: { headers: Record<string, unknown> }): string | undefined {
  const given = reply.headers['set-cookie']
  const first = Array.isArray(given) ? (given[0] as string) : (given as string | undefined)
  return first?.split(';')[0]
}
