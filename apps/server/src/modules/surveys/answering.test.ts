import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { answerClasses } from './answer-page.ts'
import { matcherOf } from './brand.ts'
import { encode, exampleForms, formType, hiddenIn } from './example-forms.ts'

type Forms = ReturnType<typeof exampleForms>

let house: TestHouse
let sql: pg.Client
let owner: Visitor
let customer: Visitor
let survey: Forms['survey']
let open: Forms['open']
let post: Forms['post']
let answer: Forms['answer']

before(async () => {
  house = await testHouse()
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  owner = (await newWorkspace(house, 'acme')).owner
  ;({ customer, survey, open, post, answer } = exampleForms(house, owner))
})
after(async () => {
  await sql.end()
  await house.close()
})

const rowsOf = async (surveyId: string) =>
  (
    await sql.query(
      'select r.*, t.external_id as touchpoint, t.kind as touchpoint_kind, c.external_id as customer from responses r left join touchpoints t on t.id = r.touchpoint_id left join customers c on c.id = r.customer_id where survey_id = $1 order by r.answered_at, r.id',
      [surveyId],
    )
  ).rows

test('the page asks, in few bytes, without a cookie, a script or anything from elsewhere', async () => {
  const { key } = await survey()
  const reply = await open(`/s/${key}?lang=en`)
  assert.equal(reply.statusCode, 200)
  assert.match(reply.body, /<h1 id="question">How easy was it to get your issue solved today\?<\/h1>/)
  assert.equal(reply.headers['cache-control'], 'no-store')
  assert.equal(reply.headers['referrer-policy'], 'no-referrer')
  assert.match(String(reply.headers['x-robots-tag']), /noindex/)
  assert.equal(reply.headers['set-cookie'], undefined)
  assert.doesNotMatch(reply.body, /<script|<link rel="stylesheet"|https?:\/\/|\sstyle=|\son[a-z]+=/)
  assert.doesNotMatch(reply.body, / checked/)
  const policy = String(reply.headers['content-security-policy'])
  assert.doesNotMatch(policy, /unsafe/)
  assert.equal(policy.match(/sha256-/g)?.length, reply.body.match(/<style>/g)?.length)
  const packed = await open(`/s/${key}?lang=en`, { 'accept-encoding': 'gzip, br' })
  assert.equal(packed.headers['content-encoding'], 'gzip')
  assert.ok(packed.rawPayload.length < 14 * 1024, `${packed.rawPayload.length} bytes`)
  const withoutToken = (page: string) => page.replace(/name="token" value="[^"]+"/, '')
  assert.equal(withoutToken(gunzipSync(packed.rawPayload).toString()), withoutToken(reply.body))
})

test('every question of the library comes in one round trip, in every language', async () => {
  const library = (await owner.ask('GET', '/survey-library')).json() as { id: string }[]
  for (const { id } of library) {
    const { key } = await survey(id)
    for (const language of ['en', 'sl', 'nb']) {
      const { rawPayload } = await open(`/s/${key}?lang=${language}`, { 'accept-encoding': 'gzip' })
      assert.ok(rawPayload.length <= 14 * 1024, `${id} in ${language} has ${rawPayload.length} bytes`)
    }
  }
})

test('every class in the pages has its rules, or is known to have none', async () => {
  const { key } = await survey('ces-3')
  const { reply } = await answer(key, { score: '1', 'reason-0': ['too-many-steps'], comment: 'Slow' })
  const pages = [
    await open(`/s/${key}`),
    await post(`/s/${key}`, hiddenIn((await open(`/s/${key}`)).body)),
    await open(String(reply.headers.location)),
    await open('/s/nowhere'),
  ]
  for (const { body } of pages)
    for (const [, names] of body.matchAll(/class="([^"]*)"/g))
      for (const name of names!.split(' ')) assert.ok(answerClasses.includes(name), name)
})

test('the language is that of the link, then the browser, then the survey', async () => {
  const { key } = await survey('ces-10-solved', (content) => (content.languages = ['sl', 'en']))
  const languageOf = async (query: string, accept: string) =>
    /<html lang="(..)"/.exec((await open(`/s/${key}${query}`, { 'accept-language': accept })).body)![1]
  assert.equal(await languageOf('?lang=en', 'sl'), 'en')
  assert.equal(await languageOf('', 'nb, en;q=0.5'), 'en')
  assert.equal(await languageOf('?lang=nb', 'de'), 'sl')
  assert.equal(await languageOf('', ''), 'sl')
})

test('a score in the link is chosen; one that is not on the scale is not', async () => {
  const { key } = await survey()
  assert.match((await open(`/s/${key}?score=4`)).body, /value="4" checked/)
  for (const bad of ['0', '11', '4.5', 'x', '-1', '<b>'])
    assert.doesNotMatch((await open(`/s/${key}?score=${encodeURIComponent(bad)}`)).body, / checked/)
})

/** How many rows each table has, once cells hold what waited for them. */
async function countAll(): Promise<Record<string, string>> {
  await sql.query('select fold_cells(array(select workspace_id from workspaces order by 1))')
  const { rows } = await sql.query<{ name: string; count: string }>(`
    select c.oid::regclass::text as name,
      (xpath('/row/n/text()', query_to_xml('select count(*) as n from ' || c.oid::regclass, false, true, '')))[1]::text as count
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'`)
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]))
}

test('nothing is kept from a GET, whatever it asks for', async () => {
  const { id, key } = await survey()
  const { reply } = await answer(key, { score: '7' })
  const sent = String(reply.headers.location).split('?')[0]!
  const trial = new URL((await owner.ask('POST', `/surveys/${id}/trials`)).json().url).pathname
  // What follows an answer by itself, a second later, is no GET's.
  await wait(1_500)
  const before = await countAll()
  assert.ok(Number(before['responses']) > 0)
  const query = '?score=4&lang=en&externalId=4186&kind=ticket&customer=c-7&topic=Returns&comment=x&token=x'
  const asked = [`/s/${key}`, sent, `${sent}/change`, trial, `${trial}/sent`, '/s/nowhere', '/', '/privacy']
  for (const address of asked) {
    for (const method of ['GET', 'HEAD'] as const) {
      const headers = { host: 'localhost', 'sec-purpose': 'prefetch' }
      const { statusCode } = await house.app.inject({ method, url: `${address}${query}`, headers })
      assert.equal(statusCode, address === '/s/nowhere' ? 404 : 200, address)
    }
  }
  assert.deepEqual(await countAll(), before)
})

test('an answer is kept with what the link said, and opens its own page', async () => {
  const { id, key } = await survey()
  const { reply } = await answer(
    key,
    {
      score: '2',
      'reason-0': ['waited-too-long', 'not-offered'],
      'reason-2': ['clear-answer'],
      comment: ' Waited.\r\nLong. ',
    },
    '?lang=en&externalId=4186&kind=ticket&topic=Returns&customer=c-7&fbclid=abc',
  )
  assert.equal(reply.statusCode, 303)
  assert.match(String(reply.headers.location), new RegExp(`^/s/${key}/r/[A-Za-z0-9_-]{56}\\?lang=en$`))
  const [row] = await rowsOf(id)
  assert.deepEqual(
    [row.score, row.reasons, row.comment, row.source, row.language],
    [2, ['waited-too-long'], 'Waited.\nLong.', 'link', 'en'],
  )
  assert.deepEqual([row.touchpoint, row.touchpoint_kind, row.customer], ['4186', 'ticket', 'c-7'])
  assert.deepEqual(row.attributes, { topic: 'Returns', kind: 'ticket' })
  const sent = await open(String(reply.headers.location))
  assert.match(sent.body, /Your answer is in: 2 of 10/)
  assert.match(sent.body, /We read every answer and begin with the hard ones/)
  assert.match(sent.body, /until 20 December/)
  const inLanguage = async (language: string) =>
    (await open(String(reply.headers.location).replace('lang=en', `lang=${language}`))).body
  assert.match(await inLanguage('sl'), /do 20\. decembra\./)
  assert.match(await inLanguage('nb'), /til 20\. desember\./)
  assert.equal(sent.headers['cache-control'], 'no-store')
})

test('the token stands nowhere in the database, only its hash', async () => {
  const { id, key } = await survey()
  const { hidden } = await answer(key, { score: '9' })
  const { rows } = await sql.query('select to_jsonb(r)::text as text from responses r where survey_id = $1', [id])
  assert.equal(rows.length, 1)
  assert.ok(!rows[0].text.includes(String(hidden['token'])))
})

test('a double tap, a retry and a replay are one response', async () => {
  const { id, key } = await survey()
  const { hidden, reply } = await answer(key, { score: '7', comment: 'First' })
  const again = await Promise.all([1, 2, 3].map(() => post(`/s/${key}`, { ...hidden, score: '7', comment: 'First' })))
  for (const one of again) assert.equal(one.headers.location, reply.headers.location)
  const rows = await rowsOf(id)
  assert.deepEqual(
    rows.map(({ score, comment }) => [score, comment]),
    [[7, 'First']],
  )
})

test('two first taps at once are one response', async () => {
  const { id, key } = await survey()
  const hidden = hiddenIn((await open(`/s/${key}`)).body)
  const replies = await Promise.all(Array.from({ length: 8 }, () => post(`/s/${key}`, { ...hidden, score: '3' })))
  assert.deepEqual(new Set(replies.map(({ statusCode }) => statusCode)), new Set([303]))
  assert.equal((await rowsOf(id)).length, 1)
})

test('the same form with another score, or with words added, changes the response', async () => {
  const { id, key } = await survey()
  const { hidden } = await answer(key, { score: '3', 'reason-0': 'waited-too-long' })
  await post(`/s/${key}`, { ...hidden, score: '3', comment: 'And more' })
  assert.deepEqual(
    (await rowsOf(id)).map(({ score, reasons, comment }) => [score, reasons, comment]),
    [[3, ['waited-too-long'], 'And more']],
  )
  await post(`/s/${key}`, { ...hidden, score: '9' })
  assert.deepEqual(
    (await rowsOf(id)).map(({ score, reasons, comment }) => [score, reasons, comment]),
    [[9, [], 'And more']],
  )
})

test('an answer can be changed on its page, all of it', async () => {
  const { id, key } = await survey()
  const { reply } = await answer(key, { score: '3', 'reason-0': 'waited-too-long', comment: 'Slow' })
  const address = String(reply.headers.location).split('?')[0]!
  const form = (await open(`${address}/change?lang=en`)).body
  assert.match(form, /value="3" checked/)
  assert.match(form, /value="waited-too-long" checked/)
  assert.match(form, />Slow<\/textarea>/)
  assert.match(form, new RegExp(`action="${address}"`))
  const changed = await post(address, { lang: 'en', score: '8', 'reason-2': 'clear-answer', comment: '' })
  assert.equal(changed.headers.location, `${address}?lang=en`)
  const [row] = await rowsOf(id)
  assert.deepEqual([row.score, row.reasons, row.comment || null], [8, ['clear-answer'], null])
  assert.match((await open(`${address}?lang=en`)).body, /Your answer is in: 8 of 10/)
})

test('without a score the page says so, and keeps everything that was filled in', async () => {
  const { id, key } = await survey()
  const { reply, hidden } = await answer(
    key,
    { comment: '"Quoted" <b>', 'reason-0': 'too-many-steps', lang: 'en' },
    '?topic=Returns',
  )
  assert.equal(reply.statusCode, 400)
  assert.match(reply.body, /role="alert"><p id="problem">Choose a number from 1 to 10 first/)
  assert.match(reply.body, /aria-invalid="true" aria-describedby="problem"/)
  assert.match(reply.body, /autofocus/)
  assert.match(reply.body, /&quot;Quoted&quot; &lt;b&gt;<\/textarea>/)
  assert.match(reply.body, /value="too-many-steps" checked/)
  assert.deepEqual(hiddenIn(reply.body), { ...hidden, lang: 'en' })
  assert.equal((await rowsOf(id)).length, 0)
})

test('what is required never holds back a score: it is asked for after it', async () => {
  const { id, key } = await survey('ces-10-solved', (content) => {
    content.languages = ['en']
    content.questions = [
      {
        id: 'device',
        kind: 'choice',
        text: { en: 'Which device?' },
        several: false,
        required: true,
        options: [
          { id: 'phone', label: { en: 'Phone' } },
          { id: 'other', label: { en: 'Other' } },
        ],
      },
      { id: 'wish', kind: 'text', text: { en: 'A wish?' }, required: false, long: false },
    ]
  })
  const { reply } = await answer(key, { score: '6', 'q-wish': 'More light' })
  assert.match(String(reply.headers.location), /\/change\?lang=en$/)
  assert.equal((await rowsOf(id))[0].score, 6)
  const form = await open(String(reply.headers.location))
  assert.match(form.body, /Your answer is in\. One question is still open below/)
  assert.match(form.body, /value="More light"/)
  const address = String(reply.headers.location).split('/change')[0]!
  const done = await post(address, { score: '6', 'q-wish': 'More light', 'q-device': 'phone' })
  assert.equal(done.headers.location, `${address}?lang=en`)
  assert.deepEqual((await rowsOf(id))[0].answers, { device: 'phone', wish: 'More light' })
})

test('a form that is not ours, too old or of another survey is asked for once more, with what was typed', async () => {
  const [one, two] = [await survey(), await survey()]
  const foreign = hiddenIn((await open(`/s/${two.key}`)).body)
  for (const token of ['', 'x'.repeat(56), String(foreign['token'])]) {
    const reply = await post(`/s/${one.key}`, { token, score: '5', comment: 'Typed' })
    assert.equal(reply.statusCode, 400)
    assert.match(reply.body, />Typed<\/textarea>/)
    assert.match(reply.body, /value="5" checked/)
    assert.equal(
      (await post(`/s/${one.key}`, { ...hiddenIn(reply.body), score: '5', comment: 'Typed' })).statusCode,
      303,
    )
  }
  assert.equal((await rowsOf(one.id)).length, 3)
})

test('an anonymous survey keeps no customer, no touchpoint and no attributes', async () => {
  const { id, key } = await survey('ces-10-solved', undefined, { identity: 'anonymous' })
  await answer(key, { score: '5' }, '?externalId=4186&kind=ticket&customer=c-7&topic=Returns&email_hash=abc')
  const [row] = await rowsOf(id)
  assert.deepEqual([row.touchpoint_id, row.customer_id, row.attributes], [null, null, {}])
})

test('a link makes a touchpoint and never changes one', async () => {
  const { id, key } = await survey()
  const touchpoint = { externalId: '77', kind: 'ticket', attributes: { topic: 'Returns' } }
  await owner.ask('POST', '/responses', { survey: id, score: 3, touchpoint })
  const known = async () => (await sql.query("select * from touchpoints where external_id = '77'")).rows
  const before = await known()
  assert.equal(before.length, 1)
  for (const query of ['?externalId=77', '?externalId=77&kind=call&customer=c-8'])
    await answer(key, { score: '5' }, query)
  assert.deepEqual(await known(), before)
  assert.deepEqual(
    (await rowsOf(id)).map((row) => row.touchpoint_kind),
    ['ticket', 'ticket', 'ticket'],
  )
  house.clock.advance(1)
  await answer(key, { score: '5' }, '?externalId=78')
  assert.equal((await rowsOf(id)).at(-1).touchpoint_kind, 'other')
})

test('all that the page lets people write is taken, in any script', async () => {
  const { id, key } = await survey('ces-10-solved', (content) => {
    content.languages = ['en']
    content.questions = Array.from({ length: 10 }, (_, at) => {
      return { id: `q${at}`, kind: 'text', text: { en: 'And?' }, required: false, long: true }
    })
  })
  const text = '語'.repeat(5000)
  const written = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`q-q${at}`, text]))
  const { reply } = await answer(key, { score: '5', comment: text, ...written })
  assert.equal(reply.statusCode, 303)
  const [row] = await rowsOf(id)
  assert.deepEqual([row.comment, Object.values(row.answers)], [text, Object.values(written)])
})

test('a text that is too long ends before a character, not inside it', async () => {
  const { id, key } = await survey()
  const tooLong = `${'x'.repeat(4999)}😀`
  const { reply } = await answer(
    key,
    { score: '5', comment: tooLong },
    `?externalId=9&kind=${'k'.repeat(59)}%F0%9F%98%80`,
  )
  assert.equal(reply.statusCode, 303)
  const [row] = await rowsOf(id)
  assert.deepEqual([row.comment, row.touchpoint_kind], ['x'.repeat(4999), 'k'.repeat(59)])
  const changed = await post(String(reply.headers.location).split('?')[0]!, { score: '6', comment: `${tooLong}!` })
  assert.equal(changed.statusCode, 303)
  assert.equal((await rowsOf(id))[0].comment, 'x'.repeat(4999))
})

test('while a survey is paused an answer says that it can be changed again later', async () => {
  const { id, key } = await survey()
  const { reply } = await answer(key, { score: '5', lang: 'en' })
  await owner.ask('PUT', `/surveys/${id}/state`, { state: 'paused' })
  const { body } = await open(String(reply.headers.location))
  assert.match(body, /This survey is paused\. You can change your answer again when it goes on/)
  assert.doesNotMatch(body, /can no longer be changed|Change my answer/)
})

test('hidden fields are bounded, and none can break out of the page', async () => {
  const { id, key } = await survey()
  const many = Array.from({ length: 40 }, (_, at) => `a${at}=x`).join('&')
  const { reply, hidden } = await answer(
    key,
    { score: '5' },
    `?bad-name=1&__proto__=1&long=${'x'.repeat(300)}&evil=%22%3E%3Cscript%3E&${many}`,
  )
  assert.equal(reply.statusCode, 303)
  assert.ok(!JSON.stringify(hidden).includes('<script'))
  const [row] = await rowsOf(id)
  assert.equal(Object.keys(row.attributes).length, 20)
  assert.equal(row.attributes.long, undefined)
  const page = await open(`/s/${key}?evil=%22%3E%3Cscript%3E`)
  assert.doesNotMatch(page.body, /<script/)
})

test('a robot is marked, not refused, and its answer does not count', async () => {
  const { id, key } = await survey()
  await answer(key, { score: '1', 'leave-empty': 'http://x' })
  await answer(key, { score: '1', comment: 'Buy at https://pills.example' })
  assert.deepEqual(
    (await rowsOf(id)).map((row) => row.excluded_reason),
    ['spam', 'spam'],
  )
  const page = hiddenIn((await open(`/s/${key}`)).body)
  house.clock.advance(6_000)
  await post(`/s/${key}`, { ...page, score: '2', comment: 'The page https://acme.example/help is wrong' })
  assert.deepEqual((await rowsOf(id)).map((row) => row.excluded_reason).filter((reason) => reason === null).length, 1)
  assert.equal((await owner.ask('GET', `/surveys/${id}`)).json().answers, 1)
})

test('own addresses are left out', async () => {
  const { id, key } = await survey()
  await owner.ask('PATCH', '/workspace', { ownAddresses: ['192.0.2.0/24'] })
  house.clock.advance(6_000)
  await answer(key, { score: '5' }, '', visitor(house, { address: '192.0.2.44' }))
  await answer(key, { score: '5' })
  assert.deepEqual((await rowsOf(id)).map((row) => row.excluded_reason ?? 'counts').toSorted(), ['counts', 'own'])
  const isOwn = matcherOf(['192.0.2.0/24', '2001:db8::/32', '198.51.100.9'])
  assert.deepEqual(
    ['192.0.2.9', '::ffff:192.0.2.9', '2001:db8::1', '198.51.100.9', '198.51.100.8', '2001:db9::1', 'nonsense'].map(
      isOwn,
    ),
    [true, true, true, true, false, false, false],
  )
})

test('an office may answer at once; a flood is asked to wait, and keeps what it typed', async () => {
  const { key } = await survey()
  const office = visitor(house, { address: '198.51.100.200' })
  const { hidden } = await answer(key, { score: '5' }, '', office)
  let last = 0
  for (let sent = 1; sent < 200; sent++) last = (await post(`/s/${key}`, { ...hidden, score: '5' }, office)).statusCode
  assert.equal(last, 303)
  const refused = await post(`/s/${key}`, { ...hidden, score: '5', comment: 'Typed' }, office)
  assert.deepEqual([refused.statusCode, refused.headers['retry-after']], [429, '60'])
  assert.match(refused.body, />Typed<\/textarea>/)
  assert.equal((await answer(key, { score: '5' })).reply.statusCode, 303)
  house.clock.advance(1_000)
  assert.equal((await post(`/s/${key}`, { ...hidden, score: '5' }, office)).statusCode, 303)
})

test('what takes no answers says why, with the status that programs understand', async () => {
  const closing = await survey('ces-10-solved', undefined, { closesOn: '2026-11-20' })
  assert.equal((await open(`/s/${closing.key}`)).statusCode, 200)
  const { reply } = await answer(closing.key, { score: '5' })
  const sent = String(reply.headers.location)
  await owner.ask('PATCH', `/surveys/${closing.id}`, { closesOn: '2026-11-19' })
  assert.equal((await open(`/s/${closing.key}`)).statusCode, 410)
  assert.match((await open(`${sent.split('?')[0]}?lang=en`)).body, /can no longer be changed/)
  assert.equal((await open(sent.replace('?', '/change?'))).statusCode, 410)
  assert.equal((await post(sent.split('?')[0]!, { score: '9' })).statusCode, 410)
  const paused = await survey()
  await owner.ask('PUT', `/surveys/${paused.id}/state`, { state: 'paused' })
  const rests = await open(`/s/${paused.key}?lang=en`)
  assert.deepEqual([rests.statusCode, rests.headers['retry-after']], [503, '3600'])
  assert.match(rests.body, /This survey is paused/)
  await owner.ask('PUT', `/surveys/${paused.id}/state`, { state: 'archived' })
  assert.equal((await open(`/s/${paused.key}`)).statusCode, 410)
  const draft = (await owner.ask('POST', '/surveys', { name: 'Only a draft', libraryId: 'ces-3' })).json()
  for (const key of ['nowhere', draft.key]) assert.equal((await open(`/s/${key}`)).statusCode, 404)
  const gone = await open(`/s/${closing.key}/r/${'x'.repeat(56)}?lang=sl`)
  assert.equal(gone.statusCode, 404)
  assert.match(gone.body, /Tega odgovora ni mogoče odpreti/)
})

test('no key, however odd, breaks a page', async () => {
  for (const key of ['%00', 'A', '%F0%9F%98%80', '..%2f..', 'x'.repeat(150), "'%3B--"])
    for (const address of [`/s/${key}`, `/s/${key}/r/abc`, `/s/${key}/try/abc`])
      assert.ok([400, 404, 410].includes((await open(address)).statusCode), address)
})

test('a page of a browser that says not where it comes from is taken', async () => {
  const { key } = await survey()
  const hidden = hiddenIn((await open(`/s/${key}`)).body)
  const reply = await customer.ask('POST', `//s/${key}`, encode({ ...hidden, score: '5' }), {
    ...formType,
    origin: 'null',
  })
  assert.equal(reply.statusCode, 303)
})

test('a body of any shape is answered with a page', async () => {
  const { key } = await survey()
  const json = { 'content-type': 'application/json', accept: 'text/html' }
  for (const body of ['[]', 'null', '{"score":{"a":1},"token":[1],"comment":5,"lang":{}}', '"x"', '{']) {
    const reply = await customer.ask('POST', `//s/${key}`, Buffer.from(body), json)
    assert.equal(reply.statusCode, 400, body)
  }
  for (const bad of ['score=5&score=6', 'score=%00&token=%ff', 'h.topic=%ed%a0%80&score=5'])
    assert.equal((await customer.ask('POST', `//s/${key}`, Buffer.from(bad), formType)).statusCode, 400, bad)
})

test('a trial shows the draft, says so, and keeps nothing', async () => {
  const { id, key, content } = await survey()
  await owner.ask('PUT', `/surveys/${id}/draft`, {
    ...content,
    thanks: { ...content!.thanks, hard: { en: 'Draft thanks', sl: 'a', nb: 'b' } },
  })
  const { url } = (await owner.ask('POST', `/surveys/${id}/trials`)).json()
  const address = new URL(url).pathname
  const page = await open(`${address}?lang=en`)
  assert.match(page.body, /A trial\. What you send here is not kept and not counted/)
  assert.equal((await post(address, { lang: 'en' })).statusCode, 400)
  const reply = await post(address, { lang: 'en', score: '2', comment: 'x' })
  assert.equal(reply.statusCode, 303)
  assert.match((await open(String(reply.headers.location))).body, /Draft thanks/)
  assert.equal((await rowsOf(id)).length, 0)
  assert.equal((await open(`/s/${key}/try/abc.def`)).statusCode, 410)
  house.clock.advance(9 * 86_400_000)
  assert.equal((await open(address)).statusCode, 410)
})

test('a trial of another scale reads a score as that scale will', async () => {
  const { id, key, content } = await survey()
  const scale = { id: 'custom', family: 'effort', min: 1, max: 5, direction: 'high-is-hard' }
  await owner.ask('PUT', `/surveys/${id}/draft`, { ...content, score: { ...content!.score, scale } })
  const address = new URL((await owner.ask('POST', `/surveys/${id}/trials`)).json().url).pathname
  assert.ok(address.startsWith(`/s/${key}/try/`))
  const { body } = await open(`${address}/sent?score=5&lang=en`)
  assert.ok(body.includes(content!.thanks.hard.en!.replaceAll("'", '&#39;')), body.slice(-900))
})

test('after thirty days an answer is closed', async () => {
  const { key } = await survey()
  const { reply } = await answer(key, { score: '5' })
  const address = String(reply.headers.location).split('?')[0]!
  house.clock.advance(29 * 86_400_000)
  assert.equal((await open(address)).statusCode, 200)
  house.clock.advance(2 * 86_400_000)
  assert.equal((await open(address)).statusCode, 404)
  assert.equal((await post(address, { score: '9' })).statusCode, 404)
})
