import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { createClient, type ApiProblem, type Client } from '@lahko/contract/client'
import type { ImportMapping, ImportState } from '@lahko/contract/surveys'
import pg from 'pg'
import { keyOf, testWorkspace } from '../../testing/workspace.ts'
import { Problem } from '#platform/problem.ts'
import { system, type Scope } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { addImport, checkImport, getTarget } from './adding-imports.ts'
import { workOnImport } from './imports.jobs.ts'

let house: TestHouse
let owner: pg.Client
let api: Client
let key: string
let scope: Scope
let surveyId: string
let others: { api: Client; surveyId: string }

before(async () => {
  house = await testHouse({ LAHKO_SIGNUP: 'open' })
  owner = new pg.Client(house.database.owner)
  await owner.connect()
  const baseUrl = await house.app.listen({ port: 0, host: '127.0.0.1' })
  key = await keyOf(house, await testWorkspace(house, 'ours'))
  api = createClient({ baseUrl, key, language: 'en' })
  surveyId = (await api.surveys.list()).items[0]!.id
  const { rows } = await owner.query<{ id: string }>('select workspace_id as id from surveys where id = $1', [surveyId])
  scope = { workspaceId: rows[0]!.id, actor: system }
  const theirs = createClient({ baseUrl, key: await keyOf(house, await testWorkspace(house, 'theirs')) })
  others = { api: theirs, surveyId: (await theirs.surveys.list()).items[0]!.id }
})
after(async () => {
  await owner.end()
  await house.close()
})

const upload = (name: string, file: string | Uint8Array<ArrayBuffer>) =>
  api.surveys.upload({ params: { id: surveyId }, query: { name }, upload: file })
const at = (importId: string) => ({ params: { id: surveyId, importId } })
const check = (one: ImportState, change: Partial<ImportMapping> = {}) =>
  api.surveys.checkImport({ ...at(one.id), body: { ...one.mapping!, ...change } })
const read = (one: ImportState) => api.surveys.getImport(at(one.id))

/** Takes a file in, and shows the import as the dry run and as the run left it. */
async function takeIn(file: string | Uint8Array<ArrayBuffer>, change: Partial<ImportMapping> = {}) {
  const one = await upload('answers.csv', file)
  const checked = await check(one, change)
  await api.surveys.runImport(at(one.id))
  await house.jobs.settle()
  return { one, checked, done: await read(one) }
}

const countsOf = ({ rowsRead, rowsAccepted, rowsRefused, rowsRepeated, rowsUnanswered }: ImportState) => ({
  ...{ rowsRead, rowsAccepted, rowsRefused, rowsRepeated, rowsUnanswered },
})

type Answer = Record<string, unknown>
async function answersOf(one: ImportState): Promise<Answer[]> {
  const { rows } = await owner.query<Answer>(
    `select score, to_char(answered_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as at, local_date as on, comment,
       r.language, r.attributes, c.email, r.external_id, r.source
     from responses r left join customers c on c.id = r.customer_id where import_id = $1 order by r.answered_at, score`,
    [one.id],
  )
  return rows
}

/** Every cell of the survey, counted from its responses, and as it is kept. */
async function cellsAgree(): Promise<void> {
  const columns = Array.from({ length: 11 }, (_, score) => score)
  const { rows: counted } = await owner.query<Answer>(
    `select grain::text, segment, starts_on::text, ${columns.map((n) => `sum(c${n}) as c${n}`).join()} from (
       select p.grain, t.segment, p.starts_on, ${columns.map((n) => `(score = ${n})::int as c${n}`).join()}
       from responses r
       cross join lateral (values ('d', local_date), ('w', date_trunc('week', local_date)::date),
         ('m', date_trunc('month', local_date)::date)) p(grain, starts_on)
       cross join lateral (select r.segment union select 0) t
       where survey_id = $1 and excluded_at is null) x group by 1, 2, 3 order by 1, 2, 3`,
    [surveyId],
  )
  const { rows: kept } = await owner.query<Answer>(
    `select grain::text, segment, starts_on::text, ${columns.map((n) => `c${n}::bigint`).join()} from cells_now
     where survey_id = $1 and ${columns.map((n) => `c${n}`).join(' + ')} > 0 order by 1, 2, 3`,
    [surveyId],
  )
  assert.deepEqual(kept, counted)
}

const problem = (code: string) => (error: unknown) => {
  assert.equal((error as ApiProblem).problem?.code, code, String(error))
  return true
}

/** Windows-1250, as old spreadsheets write it. */
function windows1250(text: string): Uint8Array<ArrayBuffer> {
  const special: Record<string, number> = { č: 0xe8, š: 0x9a, ž: 0x9e, Č: 0xc8, Š: 0x8a, Ž: 0x8e }
  return Uint8Array.from(text, (letter) => special[letter] ?? letter.charCodeAt(0))
}

test('a spreadsheet with semicolons, decimal commas and Windows-1250 comes in as it was meant', async () => {
  const { one, checked, done } = await takeIn(
    windows1250(
      'Ocena;Datum;Komentar;Kanal;Jezik;E-pošta\r\n' +
        '9,0;31.5.2026 14:30;Hitro, žal čakanje;pošta;sl;ana@kupec.example\r\n' +
        '3;1. 6. 2026;;telefon;de;\r\n',
    ),
  )
  assert.deepEqual(one.mapping, {
    score: 'Ocena',
    answeredAt: 'Datum',
    comment: 'Komentar',
    language: 'Jezik',
    customerEmail: 'E-pošta',
    attributes: { channel: 'Kanal' },
  })
  assert.deepEqual(one.columns, ['Ocena', 'Datum', 'Komentar', 'Kanal', 'Jezik', 'E-pošta'])
  assert.equal(checked.state, 'checked')
  assert.equal(done.state, 'done')
  assert.deepEqual(await answersOf(one), [
    {
      score: 9,
      at: '2026-05-31 12:30',
      on: '2026-05-31',
      comment: 'Hitro, žal čakanje',
      language: 'sl',
      attributes: { channel: 'pošta' },
      email: 'ana@kupec.example',
      external_id: null,
      source: 'import',
    },
    {
      score: 3,
      at: '2026-05-31 22:00',
      on: '2026-06-01',
      comment: null,
      language: null,
      attributes: { channel: 'telefon', language: 'de' },
      email: null,
      external_id: null,
      source: 'import',
    },
  ])
  await cellsAgree()
})

test('UTF-16 and NDJSON come in too', async () => {
  const wide = Buffer.from('\ufeffscore\tdate\ttopic\n7\t2026-04-01T08:00:00Z\tžoga\n', 'utf16le')
  const first = await takeIn(new Uint8Array(wide))
  const [answer] = await answersOf(first.one)
  assert.deepEqual(
    [answer?.['score'], answer?.['at'], answer?.['attributes']],
    [7, '2026-04-01 08:00', { topic: 'žoga' }],
  )

  const lines = await takeIn(
    '{"score":8,"date":"2026-04-02","ticket":{"topic":"Returns"}}\nnonsense\n{"score":null}\n',
    {
      attributes: { topic: 'ticket.topic' },
    },
  )
  assert.deepEqual(countsOf(lines.done), {
    rowsRead: 3,
    rowsAccepted: 1,
    rowsRefused: 1,
    rowsRepeated: 0,
    rowsUnanswered: 1,
  })
  assert.deepEqual((await answersOf(lines.one))[0]?.['attributes'], { topic: 'Returns' })
})

test('the dry run keeps nothing, says what is refused and why, and the run does just that', async () => {
  const file = [
    'score,date,id,email',
    '7,2026-05-01,m1,a@b.example',
    ',2026-05-01,m2,',
    '11,2026-05-01,m3,',
    'good,2026-05-01,m4,',
    '7.5,2026-05-01,m5,',
    '7,,m6,',
    '7,05/01/2026,m7,',
    '7,2027-01-01,m8,',
    '7,1989-12-31,m9,',
    '7,2026-05-01,m10,nobody',
    '7,2026-05-01,m11,,shifted',
    '8,2026-05-02,m1,',
    `9,2026-05-02,${'x'.repeat(201)},`,
  ].join('\n')
  const one = await upload('mixed.csv', file)
  const checked = await check(one, { externalId: 'id', customerEmail: 'email' })
  assert.deepEqual(await answersOf(one), [])
  const wanted = { rowsRead: 13, rowsAccepted: 1, rowsRefused: 10, rowsRepeated: 1, rowsUnanswered: 1 }
  assert.deepEqual(countsOf(checked), wanted)
  assert.deepEqual(
    checked.refused.map(({ line, value }) => [line, value.slice(0, 10)]),
    [
      [4, '11'],
      [5, 'good'],
      [6, '7.5'],
      [7, ''],
      [8, '05/01/2026'],
      [9, '2027-01-01'],
      [10, '1989-12-31'],
      [11, 'nobody'],
      [12, ''],
      [14, 'xxxxxxxxxx'],
    ],
  )
  assert.equal(checked.refused[0]!.reason, 'The score must be a whole number from 1 to 10.')
  await api.surveys.runImport(at(one.id))
  await house.jobs.settle()
  const done = await read(one)
  assert.equal(done.state, 'done')
  assert.deepEqual(countsOf(done), wanted)
  assert.deepEqual(done.refused, checked.refused)
  const slovenian = await house.app.inject({
    url: `/api/v1/surveys/${surveyId}/imports/${one.id}`,
    headers: { authorization: `Bearer ${key}`, 'accept-language': 'sl' },
  })
  assert.equal(slovenian.json<ImportState>().refused[0]!.reason, 'Ocena mora biti celo število od 1 do 10.')
  await cellsAgree()
})

test('without a column of dates all answers count on the day of the import, and the dry run says so', async () => {
  const { checked, one } = await takeIn('score;channel\n7;x-undated\n8;x-undated\n')
  assert.deepEqual(checked.remarks, ['No column holds dates, so all answers count on 2026-11-20.'])
  assert.deepEqual(
    (await answersOf(one)).map((answer) => answer['on']),
    ['2026-11-20', '2026-11-20'],
  )
})

test('the same file again adds nothing, and the remark says when it came', async () => {
  const file = 'score,date\n7,2026-03-01\n8,2026-03-02\n'
  const first = await takeIn(file)
  const again = await takeIn(file)
  assert.deepEqual(again.checked.remarks, [
    'This file came in on 2026-11-20 already. What is known from then is not counted again.',
  ])
  for (const state of [again.checked, again.done]) {
    assert.deepEqual(countsOf(state), {
      rowsRead: 2,
      rowsAccepted: 0,
      rowsRefused: 0,
      rowsRepeated: 2,
      rowsUnanswered: 0,
    })
  }
  assert.equal((await answersOf(first.one)).length, 2)
  assert.equal((await api.surveys.runImport(at(first.one.id))).state, 'done')
  await cellsAgree()
})

test('an import taken back leaves no answer and no count, and comes again, also read in another way', async () => {
  const { one } = await takeIn(
    'score,other,date,channel,email\n7,3,2026-02-01,mail,only@here.example\n8,2,2026-02-02,chat,\n',
  )
  assert.equal((await owner.query(`select from customers where email = 'only@here.example'`)).rowCount, 1)
  await assert.rejects(check(one), problem('importing.take_back_first'))
  await api.surveys.undoImport(at(one.id))
  await house.jobs.settle()
  assert.equal((await read(one)).state, 'undone')
  assert.deepEqual(await answersOf(one), [])
  assert.equal((await owner.query(`select from customers where email = 'only@here.example'`)).rowCount, 0)
  await cellsAgree()

  await api.surveys.runImport(at(one.id))
  await house.jobs.settle()
  assert.deepEqual(
    (await answersOf(one)).map(({ score }) => score),
    [7, 8],
  )
  assert.equal((await read(one)).rowsAccepted, 2)
  await cellsAgree()

  await api.surveys.undoImport(at(one.id))
  await house.jobs.settle()
  await check(one, { score: 'other' })
  await api.surveys.runImport(at(one.id))
  await house.jobs.settle()
  assert.deepEqual(
    (await answersOf(one)).map(({ score }) => score),
    [3, 2],
  )
  await cellsAgree()
})

const manyRows = (name: string, rows: number) =>
  `score,date,channel\n${Array.from({ length: rows }, (_, n) => `${(n % 10) + 1},2026-01-${10 + (n % 20)},${name}\n`).join('')}`

/** A process that is told to stop when it has looked so often whether it is. */
function stopsAfter(looks: number): AbortSignal {
  let left = looks
  return Object.defineProperty(new AbortController().signal, 'aborted', { get: () => left-- <= 0 })
}

test('a run that was stopped goes on where it was, and one that a crash ended adds nothing twice', async () => {
  const rows = 310
  const one = await upload('many.csv', manyRows('resumed', rows))
  await check(one)
  await api.surveys.runImport(at(one.id))
  assert.equal(await workOnImport(house, scope, one.id, stopsAfter(1), 100), 'stopped')
  const halfway = await read(one)
  assert.equal(halfway.state, 'running')
  assert.ok(halfway.rowsAccepted > 0 && halfway.rowsAccepted < rows, `${halfway.rowsAccepted}`)
  assert.equal((await answersOf(one)).length, halfway.rowsAccepted)
  // As if the process had died after a commit, before it could note how far it was.
  await owner.query('update imports set line = 101, rows_read = 100, rows_accepted = 100 where id = $1', [one.id])
  await house.jobs.settle()
  const done = await read(one)
  assert.equal(done.state, 'done')
  assert.deepEqual(countsOf(done), {
    rowsRead: rows,
    rowsAccepted: rows,
    rowsRefused: 0,
    rowsRepeated: 0,
    rowsUnanswered: 0,
  })
  assert.equal((await answersOf(one)).length, rows)
  await cellsAgree()

  await api.surveys.undoImport(at(one.id))
  assert.equal(await workOnImport(house, scope, one.id, stopsAfter(1), 100), 'stopped')
  assert.ok((await answersOf(one)).length > 0)
  await house.jobs.settle()
  assert.deepEqual([(await read(one)).state, (await answersOf(one)).length], ['undone', 0])
  await cellsAgree()
})

test('an import can be taken back while it comes in', async () => {
  const one = await upload('cancelled.csv', manyRows('cancelled', 310))
  await check(one)
  await api.surveys.runImport(at(one.id))
  await workOnImport(house, scope, one.id, stopsAfter(1), 100)
  assert.equal((await api.surveys.undoImport(at(one.id))).state, 'undoing')
  await assert.rejects(api.surveys.runImport(at(one.id)), problem('importing.busy'))
  await house.jobs.settle()
  assert.deepEqual([(await read(one)).state, (await answersOf(one)).length], ['undone', 0])
  await cellsAgree()
})

test('one process at a time works on an import', async () => {
  const one = await upload('locked.csv', 'score,channel\n7,locked\n')
  const lock = `hashtextextended('import ${one.id}', 0)`
  await check(one)
  await api.surveys.runImport(at(one.id))
  await owner.query(`select pg_advisory_lock(${lock})`)
  assert.equal(await workOnImport(house, scope, one.id, new AbortController().signal), 'busy')
  await owner.query(`select pg_advisory_unlock(${lock})`)
  await house.jobs.settle()
  assert.equal((await read(one)).state, 'done')
})

test('a large file is checked by a job, with the same result', async () => {
  const one = await upload('large.csv', `${manyRows('large', 300)}12,2026-01-01,large\n`)
  const ids = { surveyId, importId: one.id }
  await checkImport(house, scope, ids, one.mapping!, { mostAtOnce: 0 })
  assert.equal((await read(one)).state, 'checking')
  await assert.rejects(check(one), problem('importing.busy'))
  await house.jobs.settle()
  const byJob = await read(one)
  assert.equal(byJob.state, 'checked')
  assert.deepEqual(countsOf(byJob), countsOf(await check(one)))
  assert.equal(byJob.rowsRefused, 1)
})

test('what is no file of answers is refused with its reason, and nothing of it stays', async () => {
  const before = readdirSync(join(house.folder, 'imports', scope.workspaceId)).length
  const refused: [string | Uint8Array<ArrayBuffer>, string][] = [
    ['', 'uploads.file_empty'],
    ['score,date\n', 'uploads.no_rows'],
    ['7,8\n9,10\n', 'uploads.file_no_header'],
    ['a,9,x,y\nb,8,x,z\nc,10,q,r\n', 'uploads.file_no_header'],
    ['name,colour\nAna,red\n', 'importing.no_score_column'],
    ['[{"score":7}]', 'uploads.file_json_array'],
    [Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0), 'uploads.file_workbook'],
    [Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3), 'uploads.file_compressed'],
    [Uint8Array.from({ length: 400 }, (_, n) => n % 32), 'uploads.file_binary'],
  ]
  for (const [file, code] of refused) await assert.rejects(upload('../../etc/passwd', file), problem(code), code)
  assert.equal(readdirSync(join(house.folder, 'imports', scope.workspaceId)).length, before)
  const one = await upload('../../etc/passwd', 'score\n7\n')
  assert.equal(one.fileName, '../../etc/passwd')
  assert.ok(existsSync(join(house.folder, 'imports', scope.workspaceId, one.id)))
})

test('a file that breaks further down fails its check with the line', async () => {
  const one = await upload(
    'broken.csv',
    `score,comment\n${'7,fine\n'.repeat(5_000)}8,"never closed\n${'x'.repeat(1_200_000)}`,
  )
  const checked = await check(one)
  assert.equal(checked.state, 'failed')
  assert.match(checked.error!, /line 5002/)
  await assert.rejects(api.surveys.runImport(at(one.id)), problem('importing.check_first'))
})

test('an upload that breaks off leaves nothing', async () => {
  const survey = await getTarget(house, scope, surveyId)
  const imports = async () => (await api.surveys.listImports({ params: { id: surveyId } })).items.length
  const files = () => readdirSync(join(house.folder, 'imports', scope.workspaceId)).length
  const before = [await imports(), files()]
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from('score\n7\n')
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
    })(),
  )
  await assert.rejects(
    addImport(house, scope, survey, 'x.csv', broken),
    (error) => error instanceof Problem && error.code === 'uploads.upload_broken',
  )
  assert.deepEqual([await imports(), files()], before)
})

test('another workspace’s import is not there, nor one of another survey', async () => {
  house.clock.advance(1)
  const one = await upload('ours.csv', 'score\n7\n')
  const theirs = { id: others.surveyId, importId: one.id }
  await assert.rejects(others.api.surveys.getImport({ params: theirs }), problem('platform.not_found'))
  await assert.rejects(others.api.surveys.getImport(at(one.id)), problem('platform.not_found'))
  await assert.rejects(others.api.surveys.runImport({ params: theirs }), problem('platform.not_found'))
  await assert.rejects(others.api.surveys.undoImport({ params: theirs }), problem('platform.not_found'))
  await assert.rejects(check(one, { score: 'none' }), problem('uploads.no_such_column'))
  await assert.rejects(api.surveys.runImport(at(one.id)), problem('importing.check_first'))
  const page = await api.surveys.listImports({ params: { id: surveyId }, query: { limit: 1 } })
  assert.deepEqual([page.items.map(({ id }) => id), page.next], [[one.id], one.id])
})
