import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { toString as drawQr } from 'qrcode'
import type { Survey, SurveyContent } from '@lahko/contract/surveys'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newKey, newWorkspace, type Visitor } from '../../testing/visitor.ts'

let house: TestHouse
let sql: pg.Client
let owner: Visitor
let other: Visitor

before(async () => {
  house = await testHouse({ LAHKO_SIGNUP: 'open' })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  owner = (await newWorkspace(house, 'acme')).owner
  other = (await newWorkspace(house, 'other')).owner
})
after(async () => {
  await sql.end()
  await house.close()
})

async function make(name: string, libraryId = 'ces-10-solved'): Promise<Survey> {
  const reply = await owner.ask('POST', '/surveys', { name, libraryId })
  assert.equal(reply.statusCode, 201, reply.body)
  return reply.json()
}

async function published(name: string, libraryId?: string): Promise<Survey> {
  const { id } = await make(name, libraryId)
  return (await owner.ask('POST', `/surveys/${id}/versions`, {})).json()
}

async function edit(survey: Survey, change: (content: SurveyContent) => void) {
  const content = structuredClone(survey.draft ?? survey.content)!
  change(content)
  return owner.ask('PUT', `/surveys/${survey.id}/draft`, content)
}

const publish = (id: string, body: object = {}) => owner.ask('POST', `/surveys/${id}/versions`, body)
const eventsOf = async (id: string) =>
  (
    await sql.query<{ type: string; data: object; actor_kind: string }>(
      'select type, data, actor_kind from events where subject_id = $1 order by id',
      [id],
    )
  ).rows
const typesOf = async (id: string) => (await eventsOf(id)).map(({ type }) => type)

test('the library is there for whoever may read surveys', async () => {
  const items = (await owner.ask('GET', '/survey-library')).json()
  assert.equal(items[0].id, 'ces-10-solved')
  assert.ok(items.length >= 13)
})

test('signing up gives a survey that is asked, in the language of the workspace first', async () => {
  const { items } = (await owner.ask('GET', '/surveys')).json()
  assert.equal(items.length, 1)
  assert.equal(items[0].state, 'published')
  const survey = (await owner.ask('GET', `/surveys/${items[0].id}`)).json()
  assert.deepEqual(survey.content.languages, ['sl', 'en', 'nb'])
  assert.equal(survey.url, `http://localhost/s/${survey.key}`)
  assert.deepEqual((await typesOf(survey.id)).toSorted(), ['survey.created', 'survey.published'])
})

test('a survey begins as a draft of what the library has, under an address of its name', async () => {
  const survey = await make('Šport & Økonomi?')
  assert.equal(survey.key, 'sport-okonomi')
  assert.equal(survey.state, 'draft')
  assert.equal(survey.content, null)
  assert.deepEqual(survey.draftChange, { newWording: false, missing: [] })
  assert.equal((await make('Šport & Økonomi?')).key, 'sport-okonomi-2')
  const unknown = await owner.ask('POST', '/surveys', { name: 'X', libraryId: 'nothing' })
  assert.deepEqual([unknown.statusCode, unknown.json().errors[0].field], [400, '/body/libraryId'])
})

test('a copy takes over what is asked, how it is read and what is declared', async () => {
  const survey = await published('Original', 'ces-7')
  await owner.ask('PATCH', `/surveys/${survey.id}`, {
    metric: 'easyShare',
    rule: { id: 'own', easy: [6, 7], hard: [1, 2] },
  })
  const copy = (await owner.ask('POST', '/surveys', { name: 'Copy', copyOf: survey.id })).json() as Survey
  assert.deepEqual([copy.state, copy.metric, copy.rule.easy], ['draft', 'easyShare', [6, 7]])
  assert.deepEqual(copy.draft, survey.content)
})

test('publishing makes a version; doing it twice is doing it once', async () => {
  const { id } = await make('Twice')
  const first = (await publish(id)).json() as Survey
  assert.deepEqual([first.state, first.version, first.draft], ['published', 1, null])
  assert.deepEqual((await publish(id)).json(), first)
  assert.deepEqual((await typesOf(id)).toSorted(), ['survey.created', 'survey.published'])
})

test('ten at once publish one version', async () => {
  const { id } = await make('At once')
  const replies = await Promise.all(Array.from({ length: 10 }, () => publish(id)))
  assert.deepEqual(new Set(replies.map(({ statusCode }) => statusCode)), new Set([201]))
  assert.equal(replies.at(-1)!.json().versions.length, 1)
})

test('an edit is a draft until it is published; what equals the version is none', async () => {
  const survey = await published('Edited')
  const edited = (await edit(survey, (content) => (content.thanks.easy.en = 'Good.'))).json() as Survey
  assert.equal(edited.draft?.thanks.easy.en, 'Good.')
  assert.equal(edited.content?.thanks.easy.en, survey.content?.thanks.easy.en)
  assert.deepEqual(edited.draftChange, { newWording: false, missing: [] })
  assert.equal(
    (await edit(edited, (content) => (content.thanks.easy.en = survey.content!.thanks.easy.en))).json().draft,
    null,
  )
  await edit(survey, (content) => (content.comment = null))
  assert.equal((await owner.ask('DELETE', `/surveys/${survey.id}/draft`)).json().draft, null)
})

test('another version keeps the wording, another question raises it, and “same question” is recorded', async () => {
  const survey = await published('Wordings')
  const step = async (change: (content: SurveyContent) => void, body: object = {}) => {
    const edited = (await edit((await owner.ask('GET', `/surveys/${survey.id}`)).json(), change)).json() as Survey
    const now = (await publish(survey.id, body)).json() as Survey
    return [edited.draftChange?.newWording, now.versions[0]!.version, now.versions[0]!.wording]
  }
  assert.deepEqual(await step((content) => (content.thanks.hard.en = 'Oh.')), [false, 2, 1])
  assert.deepEqual(await step((content) => (content.score.text.en = 'Was it easy?')), [true, 3, 2])
  assert.deepEqual(await step((content) => (content.score.text.en = 'Was it easy'), { sameQuestion: true }), [
    true,
    4,
    2,
  ])
  const { rows } = await sql.query(
    'select same_question_declared from survey_versions where survey_id = $1 order by version',
    [survey.id],
  )
  assert.deepEqual(
    rows.map((row) => row.same_question_declared),
    [false, false, false, true],
  )
})

test('a text is compared with what its language last said, however many versions ago', async () => {
  const survey = await published('Languages')
  const step = async (
    languages: SurveyContent['languages'],
    sl = survey.content!.score.text.sl!,
    body: object = {},
  ) => {
    const edited = (
      await edit(survey, (content) => {
        content.languages = languages
        content.score.text.sl = sl
      })
    ).json() as Survey
    const now = (await publish(survey.id, body)).json() as Survey
    return [edited.draftChange?.newWording, now.versions[0]!.wording]
  }
  assert.deepEqual(await step(['en']), [false, 1])
  assert.deepEqual(await step(['en', 'sl']), [false, 1])
  assert.deepEqual(await step(['en']), [false, 1])
  assert.deepEqual(await step(['en', 'sl'], 'Kako težko je bilo?'), [true, 2])
  assert.deepEqual(await step(['en']), [false, 2])
  assert.deepEqual(await step(['en', 'sl'], 'Kako težko je bilo?'), [false, 2])
  assert.deepEqual(await step(['nb']), [true, 3])
  assert.deepEqual(await step(['sl'], 'Kako težko je bilo?', { sameQuestion: true }), [true, 3])
  assert.deepEqual(await step(['nb', 'sl'], 'Kako težko je bilo?'), [false, 3])
})

test('another scale is never the same question; its rule becomes the standard one, and that is recorded', async () => {
  const survey = await published('Scales')
  await edit(
    survey,
    (content) => (content.score.scale = { id: 'ces-7', family: 'effort', min: 1, max: 7, direction: 'high-is-easy' }),
  )
  const refused = await publish(survey.id, { sameQuestion: true })
  assert.deepEqual([refused.statusCode, refused.json().code], [400, 'surveys.other_scale'])
  const now = (await publish(survey.id)).json() as Survey
  assert.deepEqual(now.rule, { id: 'standard', easy: [5, 6, 7], hard: [1, 2, 3] })
  assert.ok((await typesOf(survey.id)).includes('survey.rule_changed'))
})

test('an incomplete language is refused with every field named', async () => {
  const survey = await make('Incomplete')
  const edited = (
    await edit(survey, (content) => {
      delete content.score.text.nb
      delete content.reasons[0]!.options[0]!.label.sl
    })
  ).json() as Survey
  assert.deepEqual(edited.draftChange?.missing, [
    { language: 'sl', field: '/reasons/0/options/0/label' },
    { language: 'nb', field: '/score/text' },
  ])
  const refused = await publish(survey.id)
  assert.deepEqual([refused.statusCode, refused.json().code], [400, 'surveys.texts_missing'])
  assert.deepEqual(
    refused.json().errors.map((error: { field: string }) => error.field),
    ['/draft/reasons/0/options/0/label/sl', '/draft/score/text/nb'],
  )
  await edit(edited, (content) => (content.languages = ['en']))
  assert.equal((await publish(survey.id)).statusCode, 201)
})

test('a draft that cannot be asked is refused by its field', async () => {
  const reply = await edit(await make('Faces'), (content) => (content.score.look = 'faces'))
  assert.deepEqual([reply.statusCode, reply.json().errors[0].field], [400, '/body/score/look'])
})

test('a change of the rule is recorded with who, and only a rule that fits is taken', async () => {
  const survey = await published('Rules')
  const { bearer } = await newKey(owner, 'surveys.write', 'surveys.read')
  const rule = { id: 'own', easy: [9, 10], hard: [1, 2, 3] }
  const ask = (given: object) => owner.ask('PATCH', `/surveys/${survey.id}`, { rule: given }, bearer)
  assert.deepEqual((await ask(rule)).json().rule, rule)
  await ask(rule)
  const last = (await eventsOf(survey.id)).filter(({ type }) => type === 'survey.rule_changed')
  assert.deepEqual(last, [{ type: 'survey.rule_changed', data: { from: survey.rule, to: rule }, actor_kind: 'key' }])
  for (const bad of [
    { easy: [1, 2], hard: [9, 10] },
    { easy: [5, 6, 7, 8, 9, 10], hard: [1, 2, 3, 4, 5] },
    { easy: [7, 9, 10], hard: [1] },
  ]) {
    const reply = await ask({ id: 'bad', ...bad })
    assert.deepEqual([reply.statusCode, reply.json().errors[0].field], [400, '/body/rule'])
  }
})

test('what is declared changes once, begins to be counted anew, and each name stands once', async () => {
  const survey = await published('Declared')
  await owner.ask('POST', '/responses', { survey: survey.id, score: 3, attributes: { shop: 'Kranj' } })
  const declare = (...declared: string[]) => owner.ask('PATCH', `/surveys/${survey.id}`, { declared, name: 'Declared' })
  const changed = (await declare('shop', 'topic')).json() as Survey
  assert.deepEqual([changed.declared, changed.rebuild], [['shop', 'topic'], { done: 0, total: 1 }])
  await declare('shop', 'topic')
  assert.equal((await typesOf(survey.id)).filter((type) => type === 'survey.declared_changed').length, 1)
  const twice = await declare('shop', 'shop')
  assert.deepEqual([twice.statusCode, twice.json().errors[0].field], [400, '/body/declared'])
})

test('an address is taken once in a workspace, and may be the same in another', async () => {
  const [one, two] = [await make('One'), await make('Two')]
  const reply = await owner.ask('PATCH', `/surveys/${two.id}`, { key: one.key })
  assert.deepEqual([reply.statusCode, reply.json().code], [409, 'surveys.key_taken'])
  const theirs = (await other.ask('POST', '/surveys', { name: 'One', libraryId: 'ces-3' })).json()
  assert.equal(theirs.key, one.key)
})

test('an address that could be the id of another survey is refused', async () => {
  const [one, two] = [await make('Id'), await make('Key')]
  const reply = await owner.ask('PATCH', `/surveys/${two.id}`, { key: one.id })
  assert.deepEqual(
    [reply.statusCode, reply.json().errors[0].field, reply.json().code],
    [400, '/body/key', 'surveys.key_like_id'],
  )
})

test('with or without names is settled by the first answer', async () => {
  const survey = await published('Names')
  assert.equal(
    (await owner.ask('PATCH', `/surveys/${survey.id}`, { identity: 'anonymous' })).json().identity,
    'anonymous',
  )
  assert.equal(
    (await owner.ask('POST', '/responses', { survey: survey.id, score: 9 })).json().results[0].status,
    'accepted',
  )
  const reply = await owner.ask('PATCH', `/surveys/${survey.id}`, { identity: 'identified' })
  assert.deepEqual([reply.statusCode, reply.json().code], [409, 'surveys.identity_is_fixed'])
  assert.equal(
    (await owner.ask('PATCH', `/surveys/${survey.id}`, { identity: 'anonymous', name: 'Others' })).json().name,
    'Others',
  )
})

test('versions of one wording share its answers that count', async () => {
  const survey = await published('Counted')
  const answer = (score: number) => owner.ask('POST', '/responses', { survey: survey.id, score })
  const versions = async () =>
    ((await owner.ask('GET', `/surveys/${survey.id}`)).json() as Survey).versions.map(
      ({ version, wording, answers }) => [version, wording, answers],
    )
  await answer(9)
  await answer(2)
  assert.deepEqual(await versions(), [[1, 1, 2]])
  await edit(survey, (content) => (content.thanks.hard.en = 'Oh.'))
  await publish(survey.id)
  await answer(5)
  assert.deepEqual(await versions(), [
    [2, 1, 3],
    [1, 1, 3],
  ])
  assert.equal((await owner.ask('GET', `/surveys/${survey.id}`)).json().answers, 3)

  const spam = (await answer(1)).json().results[0].id as string
  await owner.ask('PUT', `/responses/${spam}/exclusion`, { reason: 'spam' })
  assert.deepEqual((await versions())[0], [2, 1, 3])
})

test('a survey rests, goes on and is put away', async () => {
  const survey = await published('States')
  const set = (state: string) => {
    house.clock.advance(1)
    return owner.ask('PUT', `/surveys/${survey.id}/state`, { state })
  }
  for (const state of ['paused', 'paused', 'published', 'archived'])
    assert.equal((await set(state)).json().state, state)
  assert.deepEqual((await typesOf(survey.id)).slice(2), ['survey.paused', 'survey.resumed', 'survey.archived'])
  const refused = await edit(survey, (content) => (content.comment = null))
  assert.deepEqual([refused.statusCode, refused.json().code], [409, 'surveys.archived'])
  const listed = async (query: string) =>
    (await owner.ask('GET', `/surveys?${query}`)).json().items.map(({ id }: Survey) => id)
  assert.ok(!(await listed('limit=200')).includes(survey.id))
  assert.deepEqual(await listed('archived=true'), [survey.id])
  const draft = await make('Never published')
  const early = await owner.ask('PUT', `/surveys/${draft.id}/state`, { state: 'published' })
  assert.deepEqual([early.statusCode, early.json().code], [409, 'surveys.never_published'])
})

test('what no database can hold is refused by its field', async () => {
  const survey = await published('Odd')
  for (const [method, path, body, field] of [
    ['GET', '/surveys?after=x', undefined, '/query/after'],
    ['PATCH', `/surveys/${survey.id}`, { closesOn: '0000-01-01' }, '/body/closesOn'],
    ['PATCH', `/surveys/${survey.id}`, { name: 'a\u0000b' }, '/body/name'],
  ] as const) {
    const reply = await owner.ask(method, path, body)
    assert.deepEqual([reply.statusCode, reply.json().errors[0].field], [400, field], reply.body)
  }
})

test('the list comes page by page, newest first', async () => {
  const ids: string[] = []
  let after: string | null = null
  do {
    const reply: { items: Survey[]; next: string | null } = (
      await owner.ask('GET', `/surveys?limit=2${after ? `&after=${after}` : ''}`)
    ).json()
    ids.push(...reply.items.map(({ id }) => id))
    after = reply.next
  } while (after)
  assert.deepEqual(ids, ids.toSorted().toReversed())
  assert.equal(new Set(ids).size, ids.length)
})

test('the code for phones says the address, and names its file', async () => {
  const survey = await published('Code')
  const reply = await owner.ask('GET', `/surveys/${survey.id}/qr.svg`)
  assert.equal(reply.headers['content-type'], 'image/svg+xml')
  assert.equal(reply.headers['content-disposition'], 'inline; filename="code.svg"')
  const picture = await drawQr('http://localhost/s/code', { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
  assert.equal(reply.body, picture)
  const theirs = (await owner.ask('GET', `/surveys/${(await published('Other code')).id}/qr.svg`)).body
  assert.notEqual(theirs, picture)
})

test('the snippet has a link for every value, in the language and with the fields of the program', async () => {
  const survey = await published('Snippet')
  const snippet = (await owner.ask('GET', `/surveys/${survey.id}/snippet?language=sl&program=zendesk`)).json()
  for (const score of [1, 10])
    assert.ok(
      snippet.html.includes(
        `href="http://localhost/s/snippet?score=${score}&amp;wording=1&amp;lang=sl&amp;channel=email&amp;kind=ticket&amp;externalId={{ticket.id}}&amp;customer={{ticket.requester.id}}"`,
      ),
    )
  assert.match(snippet.text, /Kako enostavno je bilo danes rešiti vašo zadevo/)
  assert.match(snippet.text, /1 = zelo težko, 10 = zelo enostavno/)
  assert.equal(snippet.mergeFields.length, 2)
  assert.doesNotMatch(snippet.html, /<img|<script|<style/)
  await owner.ask('PATCH', `/surveys/${survey.id}`, { identity: 'anonymous' })
  const anonymous = (await owner.ask('GET', `/surveys/${survey.id}/snippet?program=zendesk`)).json()
  assert.doesNotMatch(anonymous.html, /customer|externalId|ticket|\{\{/)
  assert.deepEqual(anonymous.mergeFields, [])
  const plain = (await owner.ask('GET', `/surveys/${survey.id}/snippet`)).json()
  assert.deepEqual(plain.mergeFields, [])
})

test('three faces become words in a mail', async () => {
  const survey = await published('Faces in a mail', 'ces-3')
  const { text } = (await owner.ask('GET', `/surveys/${survey.id}/snippet?language=en`)).json()
  assert.match(text, /^Hard {2}http/m)
  assert.match(text, /^In between {2}http/m)
})

test('what another workspace has is not there', async () => {
  const survey = await published('Mine')
  for (const [method, path, body] of [
    ['GET', '', undefined],
    ['PATCH', '', { name: 'x' }],
    ['DELETE', '/draft', undefined],
    ['POST', '/versions', {}],
    ['PUT', '/state', { state: 'paused' }],
    ['GET', '/qr.svg', undefined],
    ['GET', '/snippet', undefined],
    ['POST', '/trials', undefined],
  ] as const) {
    const reply = await other.ask(method, `/surveys/${survey.id}${path}`, body)
    assert.equal(reply.statusCode, 404, `${method} ${path} ${reply.body}`)
  }
})
