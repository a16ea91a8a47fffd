import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Article, ArticleTranslation, Collection } from '@lahko/contract/articles'
import type { ArticleGap } from '@lahko/contract/article-gaps'
import type { ArticleReview } from '@lahko/contract/article-reviews'
import type { ArticleComment, ArticleRating, ArticleVote, VotesCounted } from '@lahko/contract/article-votes'
import type { Notice } from '@lahko/contract/notices'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newKey, newMember, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'

// What members do about articles beside writing them: reviews, review days, votes and gaps.

let house: TestHouse
let owner: Visitor
let ownerId: string
let repairs: Collection
let bor: { member: Visitor; id: string }
let cilka: { member: Visitor; id: string }

before(async () => {
  house = await testHouse()
  owner = (await newWorkspace(house, 'acme')).owner
  repairs = await ask<Collection>('POST', '/article-collections', { titles: { en: 'Repairs' } })
  ownerId = (await ask<{ items: { id: string }[] }>('GET', '/members')).items[0]!.id
  bor = await newMember(house, owner, 'agent', 'bor@acme.example')
  cilka = await newMember(house, owner, 'agent', 'cilka@acme.example')
})
after(() => house.close())

type Method = Parameters<Visitor['ask']>[0]
async function ask<T>(method: Method, path: string, body?: object, by = owner): Promise<T> {
  const reply = await by.ask(method, path, body)
  assert.ok(reply.statusCode < 300, `${method} ${path}: ${reply.body}`)
  return (reply.body === '' ? undefined : reply.json()) as T
}
async function refused(method: Method, path: string, body?: object, by = owner): Promise<[number, string, string?]> {
  const reply = await by.ask(method, path, body)
  const { code, errors } = reply.json()
  return errors?.[0] ? [reply.statusCode, code, errors[0].field] : [reply.statusCode, code]
}
const write = (title: string, more: object = {}, by = bor.member) => {
  // Ids sort by the millisecond.
  house.clock.advance(1)
  return ask<Article>(
    'POST',
    '/articles',
    { ...{ collectionId: repairs.id, language: 'en', title, body: `About ${title}.` }, ...more },
    by,
  )
}
const at = ({ id }: Article) => `/articles/${id}/translations/en`
const lineOf = async (article: Article) => (await ask<Article>('GET', `/articles/${article.id}`)).translations[0]!
/** What stands at somebody's bell about an article. */
async function bell({ id }: Article, by: Visitor): Promise<Notice[]> {
  await house.jobs.settle()
  return (await ask<{ items: Notice[] }>('GET', '/notices', undefined, by)).items.filter(
    ({ topicId }) => topicId === id,
  )
}
const said = (notices: Notice[]) =>
  notices.map((one) => (one.kind === 'article_review' ? [one.data.state, one.data.member] : [one.kind]))

test('a colleague is asked, sees it at the bell, sends it back, and then approves what was changed', async () => {
  const article = await write('Mend a zip')
  const asking = { revision: 1, reviewerId: cilka.id, note: 'Is the part about pliers right?' }
  const asked = await ask<ArticleReview>('POST', `${at(article)}/reviews`, asking, bor.member)
  assert.deepEqual([asked.state, asked.askedBy, asked.reviewerId], ['asked', bor.id, cilka.id])
  assert.deepEqual(said(await bell(article, cilka.member)), [['asked', 'Bor Kos']])
  assert.deepEqual(await bell(article, owner), [], 'nobody else was asked')
  const waiting = async (by: Visitor) =>
    (await ask<{ items: Article[] }>('GET', '/articles?toReview=true', undefined, by)).items.map(({ id }) => id)
  assert.deepEqual([await waiting(cilka.member), await waiting(owner)], [[article.id], []])
  const decide = (body: object, by: Visitor) => refused('PUT', `${at(article)}/review`, { revision: 1, ...body }, by)
  assert.deepEqual(await decide({ outcome: 'returned' }, cilka.member), [400, 'platform.invalid', '/body/answer'])
  assert.deepEqual(await decide({ outcome: 'approved' }, bor.member), [409, 'articles.own_text'])
  const back = { outcome: 'returned', revision: 1, answer: 'Say which pliers.' }
  await ask('PUT', `${at(article)}/review`, back, cilka.member)
  assert.deepEqual(
    [await bell(article, cilka.member), said(await bell(article, bor.member))],
    [...[[], [['returned', 'Bor Kos']]]],
  )
  assert.deepEqual(await waiting(cilka.member), [])
  await ask('PUT', at(article), { title: 'Mend a zip', body: 'Flat pliers.', revision: 1 }, bor.member)
  await ask('POST', `${at(article)}/reviews`, { revision: 2, reviewerId: cilka.id }, bor.member)
  await ask('PUT', `${at(article)}/review`, { outcome: 'approved', revision: 2 }, cilka.member)
  assert.equal((await lineOf(article)).review?.state, 'approved')
  const { items } = await ask<{ items: ArticleReview[] }>('GET', `${at(article)}/reviews`)
  assert.deepEqual(
    items.map(({ state, answer }) => [state, answer]),
    [
      ['approved', ''],
      ['returned', 'Say which pliers.'],
    ],
  )
})

test('an approval holds for the draft that was looked at, and for no other', async () => {
  const article = await write('Wax a zip')
  await ask('POST', `${at(article)}/reviews`, { revision: 1, reviewerId: cilka.id }, bor.member)
  await ask('PUT', at(article), { title: 'Wax a zip', body: 'Bees.', revision: 1 }, bor.member)
  assert.deepEqual(await refused('PUT', `${at(article)}/review`, { outcome: 'approved', revision: 1 }, cilka.member), [
    409,
    'articles.edited_meanwhile',
  ])
  await ask('PUT', `${at(article)}/review`, { outcome: 'approved', revision: 2 }, cilka.member)
  await ask('PUT', at(article), { title: 'Wax a zip', body: 'Wasps.', revision: 2 }, bor.member)
  assert.equal((await lineOf(article)).review?.state, 'void')
})

test('where an approval is needed nothing is published without one, by nobody and at no time', async () => {
  assert.deepEqual(await ask('GET', '/article-rules'), { approvalNeeded: false, effortSurveyId: null })
  assert.deepEqual(await refused('PUT', '/article-rules', { approvalNeeded: true }, bor.member), [
    403,
    'platform.not_allowed',
  ])
  await ask('PUT', '/article-rules', { approvalNeeded: true })
  const article = await write('Oil a zip', {}, owner)
  const publish = (revision: number) => refused('PUT', `${at(article)}/publication`, { revision })
  assert.deepEqual(await publish(1), [409, 'articles.not_approved'])
  const { bearer } = await newKey(owner, 'articles.read', 'articles.write', 'articles.publish')
  const byProgram = await owner.ask('PUT', `${at(article)}/publication`, { revision: 1 }, bearer)
  assert.equal(byProgram.json().code, 'articles.not_approved')
  await ask('PUT', `${at(article)}/schedule`, { publishAt: house.clock.now().toISOString(), unpublishAt: null })
  await house.due.drain()
  assert.deepEqual([(await lineOf(article)).published, said(await bell(article, owner))], [null, [['held', '']]])
  await ask('POST', `${at(article)}/reviews`, { revision: 1, reviewerId: bor.id })
  await ask('PUT', `${at(article)}/review`, { outcome: 'approved', revision: 1 }, bor.member)
  await ask('PUT', at(article), { title: 'Oil a zip', body: 'Thin oil.', revision: 1 })
  assert.deepEqual(await publish(2), [409, 'articles.not_approved'], 'a change makes the approval void')
  await ask('POST', `${at(article)}/reviews`, { revision: 2, reviewerId: bor.id })
  assert.deepEqual(
    await refused('PUT', `${at(article)}/review`, { outcome: 'approved', revision: 2, publish: true }, bor.member),
    [403, 'platform.not_allowed'],
    'agents approve and do not publish',
  )
  await ask('PUT', `${at(article)}/review`, { outcome: 'approved', revision: 2 }, bor.member)
  const shown = await ask<ArticleTranslation>('PUT', `${at(article)}/publication`, { revision: 2 })
  assert.deepEqual([shown.published?.number, shown.review], [1, null])
  const theirs = await write('By Bor')
  const done = { outcome: 'approved', revision: 1, publish: true }
  await ask('PUT', `${at(theirs)}/review`, done)
  assert.equal((await lineOf(theirs)).published?.number, 1, 'who may publish looks at it unasked')
  await ask('PUT', '/article-rules', { approvalNeeded: false })
})

test('whoever may publish is asked where nobody is named; publishing without a review ends it', async () => {
  const article = await write('Close a zip')
  await ask('POST', `${at(article)}/reviews`, { revision: 1 }, bor.member)
  assert.deepEqual([said(await bell(article, owner)), await bell(article, cilka.member)], [[['asked', 'Bor Kos']], []])
  await ask('PUT', `${at(article)}/publication`, { revision: 1 })
  assert.deepEqual(await bell(article, owner), [])
  assert.equal((await lineOf(article)).review, null)
  assert.deepEqual(await refused('POST', `${at(article)}/reviews`, { revision: 1 }, bor.member), [
    409,
    'articles.nothing_new',
  ])
  const other = await write('Open a zip')
  const asks = (reviewerId: string) => refused('POST', `${at(other)}/reviews`, { revision: 1, reviewerId }, bor.member)
  assert.deepEqual(await asks(bor.id), [400, 'articles.own_review', '/body/reviewerId'])
  assert.deepEqual(await asks(repairs.id), [400, 'articles.no_reviewer', '/body/reviewerId'])
  assert.deepEqual(await refused('PUT', `${at(other)}/review`, { outcome: 'approved', revision: 1 }, cilka.member), [
    409,
    'articles.no_review',
  ])
  await ask('POST', `${at(other)}/reviews`, { revision: 1, reviewerId: cilka.id }, bor.member)
  await ask('DELETE', `${at(other)}/review`, undefined, bor.member)
  await ask('DELETE', `${at(other)}/review`, undefined, bor.member)
  assert.deepEqual([await bell(other, cilka.member), (await lineOf(other)).review], [[], null])
})

test('an article is looked at again every so many months: its owner hears of it, and one press says it is right', async () => {
  const article = await write('Sizes', { ownerId: cilka.id, reviewMonths: 3 })
  assert.equal(article.reviewOn, '2027-02-20')
  await ask('PATCH', `/articles/${article.id}`, { reviewOn: '2026-11-22' })
  house.clock.advance(Date.parse('2026-11-22T06:59:00Z') - house.clock.now().getTime())
  await house.due.drain()
  assert.deepEqual(await bell(article, cilka.member), [], 'not before eight in the morning')
  house.clock.advance(120_000)
  await house.due.drain()
  await house.due.drain()
  assert.deepEqual(said(await bell(article, cilka.member)), [['article_due']])
  await ask('PATCH', `/articles/${article.id}`, { ownerId: bor.id })
  await house.due.drain()
  assert.deepEqual(said(await bell(article, bor.member)), [['article_due']], 'a new owner hears of it, too')
  const right = await ask<Article>('PUT', `/articles/${article.id}/confirmation`, undefined, bor.member)
  assert.deepEqual([right.reviewOn, right.confirmed?.by], ['2027-02-22', bor.id])
  assert.deepEqual([await bell(article, bor.member), await bell(article, cilka.member)], [[], []])
  const never = await write('Never again')
  assert.deepEqual(await refused('PUT', `/articles/${never.id}/confirmation`), [409, 'articles.no_review_days'])
})

async function readerSays(article: Article, helpful: 'yes' | 'no', comment?: string): Promise<void> {
  // Within some seconds the same browser says it anew.
  house.clock.advance(20_000)
  const path = `//help/en/${article.slug}`
  const reader = visitor(house)
  const form = (fields: Record<string, string>) => Buffer.from(new URLSearchParams(fields).toString())
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const said = await reader.ask('POST', `${path}/helpful`, form({ helpful }), headers)
  if (comment) await reader.ask('POST', `/${said.headers.location}`, form({ reason: 'wrong', comment }), headers)
}

test('what readers say is counted with its interval; the owner hears of a comment and deals with it', async () => {
  const article = await write('Soles', { ownerId: cilka.id })
  await ask('PUT', `${at(article)}/publication`, { revision: 1 })
  await readerSays(article, 'yes')
  for (const comment of ['First.', 'Second.']) await readerSays(article, 'no', comment)
  type Votes = { items: ArticleVote[]; counts: VotesCounted & { reasons: { wrong: number }; openComments: number } }
  const votes = (only = '') => ask<Votes>('GET', `/articles/${article.id}/votes${only}`)
  const { counts, items } = await votes('?only=open')
  assert.deepEqual([counts.helpful, counts.unhelpful, counts.reasons.wrong, counts.openComments], [1, 2, 2, 2])
  // Wilson for one of three: 0.0615 to 0.7923.
  assert.deepEqual([counts.share!.low.toFixed(4), counts.share!.high.toFixed(4)], ['0.0615', '0.7923'])
  assert.deepEqual(
    items.map(({ comment }) => comment),
    ['Second.', 'First.'],
  )
  assert.deepEqual(said(await bell(article, cilka.member)), [['article_comment'], ['article_comment']])
  const settled = await ask<ArticleVote>('PUT', `/article-votes/${items[0]!.id}/settlement`, undefined, cilka.member)
  assert.equal(settled.settled?.by, cilka.id)
  assert.deepEqual([(await votes('?only=open')).items.length, (await votes('?only=comments')).items.length], [1, 2])
  const comments = async (query: string) => {
    const page = await ask<{ items: ArticleComment[]; next: string | null }>('GET', `/article-comments?${query}`)
    return { ...page, said: page.items.map(({ title, comment }) => [title, comment]) }
  }
  const all = await comments('limit=1')
  assert.deepEqual(all.said, [['Soles', 'Second.']])
  assert.deepEqual((await comments(`limit=1&after=${all.next}`)).said, [['Soles', 'First.']])
  assert.deepEqual((await comments(`articleId=${article.id}&open=true`)).said, [['Soles', 'First.']])
  assert.deepEqual((await comments(`articleId=${article.id}&open=false`)).said, [['Soles', 'Second.']])
  assert.deepEqual((await comments(`articleId=${items[0]!.id}`)).said, [])
  const of = async (query: string) => (await comments(`articleId=${article.id}&${query}`)).said.length
  assert.deepEqual([await of('language=en'), await of('language=nb')], [2, 0])
  assert.deepEqual([await of('reason=wrong'), await of('reason=unclear')], [2, 0])
  assert.deepEqual((await owner.ask('GET', '/article-comments?after=x')).json().errors[0].field, '/query/after')
  await ask('DELETE', `/article-votes/${items[0]!.id}/settlement`)
  assert.equal((await votes()).counts.openComments, 2)
})

test('articles come worst first by what is sure, page by page', async () => {
  const [few, many] = [await write('Few votes'), await write('Many votes')]
  for (const one of [few, many]) await ask('PUT', `${at(one)}/publication`, { revision: 1 })
  await readerSays(few, 'no')
  for (let count = 0; count < 9; count++) await readerSays(many, count === 0 ? 'yes' : 'no')
  type Page = { items: ArticleRating[]; next: string | null }
  const first = await ask<Page>('GET', '/article-ratings?limit=1')
  assert.equal(first.items[0]!.title, 'Many votes', 'one vote of one is less sure than eight of nine')
  const titles: string[] = []
  for (let { items, next } = first; ;) {
    titles.push(...items.map(({ title }) => title))
    if (next === null) break
    ;({ items, next } = await ask<Page>('GET', `/article-ratings?limit=1&after=${next}`))
  }
  assert.deepEqual(titles, ['Many votes', 'Soles', 'Few votes'])
  assert.deepEqual(await refused('GET', '/article-ratings?after=x'), [400, 'articles.bad_page', '/query/after'])
})

test('a ticket shows a gap, which is answered by an article or dismissed, and opened again', async () => {
  const opened = { subject: 'Which wax?', text: 'For boots.', from: { address: 'nives@mail.example' } }
  const ticket = await ask<{ id: string; number: number }>('POST', '/tickets', opened)
  const report = { kind: 'missing', text: 'Nothing says which wax boots take.' }
  const gap = await ask<ArticleGap>('POST', `/tickets/${ticket.id}/article-gaps`, report, bor.member)
  assert.deepEqual([gap.ticket, gap.reportedBy, gap.outcome], [{ id: ticket.id, number: ticket.number }, bor.id, null])
  const again = await ask<ArticleGap>('POST', `/tickets/${ticket.id}/article-gaps`, report, cilka.member)
  assert.equal(again.id, gap.id, 'the same again is the same')
  const wrong = { kind: 'wrong', text: 'It says 20 days.', articleId: repairs.id }
  assert.deepEqual(await refused('POST', `/tickets/${ticket.id}/article-gaps`, wrong), [
    ...[400, 'articles.no_article', '/body/articleId'],
  ])
  const gaps = async (state: string) =>
    (await ask<{ items: ArticleGap[] }>('GET', `/article-gaps?state=${state}`)).items.map(({ id }) => id)
  await ask('PUT', `/article-gaps/${gap.id}/outcome`, { outcome: 'dismissed' })
  assert.deepEqual([await gaps('open'), await gaps('closed')], [[], [gap.id]])
  await ask('DELETE', `/article-gaps/${gap.id}/outcome`)
  assert.deepEqual(await gaps('open'), [gap.id])
  const article = await write('Wax for boots')
  const closed = await ask<ArticleGap>('PUT', `/article-gaps/${gap.id}/outcome`, {
    ...{ outcome: 'answered', articleId: article.id },
  })
  assert.deepEqual([closed.outcome, closed.article?.title, closed.closedBy], ['answered', 'Wax for boots', ownerId])
  await ask('DELETE', `/articles/${article.id}`)
  assert.deepEqual(await gaps('closed'), [gap.id])
})
