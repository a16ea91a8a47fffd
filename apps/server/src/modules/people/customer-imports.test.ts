import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createClient, type ApiProblem, type Client } from '@lahko/contract/client'
import type { CustomerImport } from '@lahko/contract/customer-imports'
import pg from 'pg'
import { system, type Scope } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { keyOf, testWorkspace } from '../../testing/workspace.ts'
import { guessColumns } from './customer-import-mapping.ts'
import { createCustomerReader } from './customer-import-rows.ts'
import { workOnCustomers } from './customer-imports.jobs.ts'
import { beginCustomerImports } from './tidying-customer-imports.ts'

let house: TestHouse
let sql: pg.Client
let api: Client
let scope: Scope

before(async () => {
  house = await testHouse()
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  const baseUrl = await house.app.listen({ port: 0, host: '127.0.0.1' })
  api = createClient({ baseUrl, key: await keyOf(house, await testWorkspace(house, 'ours')), language: 'en' })
  const { rows } = await sql.query('select workspace_id as id from workspaces')
  scope = { workspaceId: rows[0].id, actor: system }
})
after(async () => {
  await sql.end()
  await house.close()
})

const at = ({ id }: { id: string }) => ({ params: { id } })
const upload = (file: string | Uint8Array<ArrayBuffer>, name = 'customers.csv') =>
  api.customerImports.upload({ query: { name }, upload: file })
const read = (one: CustomerImport) => api.customerImports.get(at(one))
async function check(one: CustomerImport, overwrite = false, mapping = one.mapping) {
  await api.customerImports.check({ ...at(one), body: { mapping, overwrite } })
  await house.jobs.settle()
  return read(one)
}
async function takeIn(file: string, overwrite = false) {
  const one = await upload(file)
  const checked = await check(one, overwrite)
  await api.customerImports.run(at(one))
  await house.jobs.settle()
  return { one, checked, done: await read(one) }
}
const counts = ({ rowsRead, rowsNew, rowsChanged, rowsSame, rowsRefused }: CustomerImport) => ({
  ...{ rowsRead, rowsNew, rowsChanged, rowsSame, rowsRefused },
})
const named = async (email: string) => (await api.people.listCustomers({ query: { email } })).items[0]
const refused = async (work: Promise<unknown>) => {
  const { problem } = (await work.then(
    () => assert.fail('it was taken'),
    (error: unknown) => error,
  )) as ApiProblem
  return [problem.status, problem.code, problem.errors?.[0]?.field]
}

describe('the columns', () => {
  test('are guessed by names in three languages', () => {
    for (const columns of [
      ['Customer ID', 'E-mail', 'Phone', 'Full name', 'Language', 'Company', 'Time zone'],
      ['ID stranke', 'E-pošta', 'Telefon', 'Ime in priimek', 'Jezik', 'Podjetje', 'Časovni pas'],
      ['Kundenr', 'E-post', 'Mobil', 'Navn', 'Språk', 'Firma', 'Tidssone'],
    ]) {
      const guess = guessColumns(columns)
      const fields = ['externalId', 'email', 'phone', 'name', 'language', 'organisation', 'timeZone'] as const
      assert.deepEqual(
        fields.map((field) => guess[field]),
        columns,
      )
    }
    for (const [name, familyName] of [
      ['First name', 'Last name'],
      ['Ime', 'Priimek'],
      ['Fornavn', 'Etternavn'],
    ] as const)
      assert.deepEqual(guessColumns([familyName, name]), { name, familyName })
    assert.deepEqual(guessColumns(['Score', 'Comment']), {})
  })

  test('are read as customers, or refused with the row and the reason', () => {
    const row = createCustomerReader({ email: 'mail', phone: 'tel', name: 'name', timeZone: 'zone' })
    const readOne = (record: Record<string, string>) => row({ line: 7, record, problem: null })
    assert.deepEqual(readOne({ mail: ' ANA@Example.com ', tel: '00386 40 123 456', name: 'Ana\u0000' }), {
      kind: 'customer',
      input: { email: 'ana@example.com', phone: '+38640123456', name: 'Ana' },
      without: [],
    })
    const two = createCustomerReader({ email: 'mail', familyName: 'last', name: 'first' })
    for (const [first, last, name] of [
      ['Ana', 'Kos', 'Ana Kos'],
      ['', 'Kos', 'Kos'],
      ['Ana', '', 'Ana'],
    ] as const)
      assert.deepEqual(two({ line: 1, record: { mail: 'a@b.example', first, last }, problem: null }), {
        kind: 'customer',
        input: { email: 'a@b.example', name },
        without: [],
      })
    const codeOf = (record: Record<string, string>) => {
      const one = readOne(record)
      return one.kind === 'refused' ? [one.line, one.code, one.value] : one
    }
    assert.deepEqual(codeOf({ mail: 'no address' }), [7, 'people.row_bad_email', 'no address'])
    assert.deepEqual(codeOf({ tel: '040 123', zone: 'Ljubljana' }), [7, 'people.row_bad_phone', '040 123'])
    const partly = readOne({ mail: 'a@b.example', tel: '040 123', zone: 'Ljubljana' })
    assert.ok(partly.kind === 'customer')
    assert.deepEqual(partly.input, { email: 'a@b.example' })
    assert.deepEqual(
      partly.without.map(({ line, code, value }) => [line, code, value]),
      [
        [7, 'people.row_bad_phone', '040 123'],
        [7, 'people.row_bad_time_zone', 'Ljubljana'],
      ],
    )
    assert.deepEqual(codeOf({ name: 'Nobody' }), [7, 'people.row_nameless', 'Nobody'])
    assert.deepEqual(codeOf({ mail: 'a@b.example', name: 'x'.repeat(121) }), [
      7,
      'people.row_too_long',
      'x'.repeat(121),
    ])
  })
})

describe('a file of customers', () => {
  const file = [
    'Customer ID,E-mail,Name,Company',
    'f-1,ana@file.example,Ana,Triglav',
    'f-2,bor@file.example,Bor,',
    'f-3,not an address,Cene,',
    ',,Nobody,',
    'f-1,ana@file.example,Ana,Triglav',
    '',
  ].join('\n')
  const all = { rowsRead: 5, rowsNew: 2, rowsChanged: 0, rowsSame: 1, rowsRefused: 2 }

  test('is tried first, which keeps nothing, then comes in, and a second time changes nothing', async () => {
    const one = await upload(file)
    assert.deepEqual(one.mapping, { externalId: 'Customer ID', email: 'E-mail', name: 'Name', organisation: 'Company' })
    const checked = await check(one)
    assert.deepEqual([checked.state, counts(checked)], ['checked', all])
    assert.deepEqual(
      checked.refused.map(({ line, value }) => [line, value]),
      [
        [4, 'not an address'],
        [5, 'Nobody'],
      ],
    )
    assert.match(checked.refused[0]!.reason, /^The column “E-mail”/)
    assert.equal(await named('ana@file.example'), undefined)
    await api.customerImports.run(at(one))
    await house.jobs.settle()
    const done = await read(one)
    assert.deepEqual([done.state, counts(done)], ['done', all])
    assert.equal((await named('ana@file.example'))?.organisation, 'Triglav')
    const again = await takeIn(file)
    assert.deepEqual(counts(again.done), { ...all, rowsNew: 0, rowsSame: 3 })
    assert.deepEqual(counts(again.checked), counts(again.done))
    const { rows } = await sql.query(
      "select data from events where type = 'customer_import.finished' and subject_id = $1",
      [again.one.id],
    )
    assert.deepEqual(rows, [{ data: { added: 0, changed: 0 } }])
  })

  test('fills in what is unknown, joins by what names somebody, and leaves what a person wrote', async () => {
    const known = await named('bor@file.example')
    await api.people.changeCustomer({ ...at(known!), body: { name: 'Bor the Second' } })
    const more = 'id,email,phone,name,language\n,bor@file.example,+386 40 555 111,Bor,sl\nf-2,,,Borut,\n'
    const { done } = await takeIn(more)
    assert.deepEqual(counts(done), { rowsRead: 2, rowsNew: 0, rowsChanged: 1, rowsSame: 1, rowsRefused: 0 })
    const after = (await named('bor@file.example'))!
    assert.deepEqual(
      [after.id, after.name, after.phone, after.language],
      [known!.id, 'Bor the Second', '+38640555111', 'sl'],
    )
  })

  test('replaces what is known only where that was chosen, and takes no address from anybody else', async () => {
    const more = 'id,email,name\nf-2,ana@file.example,Borut\nf-1,,Ana Marija\n'
    const { done } = await takeIn(more, true)
    assert.deepEqual(counts(done), { rowsRead: 2, rowsNew: 0, rowsChanged: 2, rowsSame: 0, rowsRefused: 0 })
    assert.equal((await named('bor@file.example'))?.name, 'Borut')
    assert.deepEqual((await named('ana@file.example'))?.name, 'Ana Marija')
    assert.deepEqual(counts((await takeIn(more, true)).done).rowsSame, 2)
  })

  test('comes in without a phone number that is not one, and says so', async () => {
    const { checked, done } = await takeIn('email,phone\nnational@file.example,040 123 456\nnobody,041\n')
    for (const one of [checked, done]) {
      assert.deepEqual([one.rowsNew, one.rowsRefused, one.rowsPartly], [1, 1, 1])
      assert.deepEqual([one.partly[0]!.line, one.partly[0]!.value], [2, '040 123 456'])
      assert.match(one.partly[0]!.reason, /“phone” does not hold a phone number with its country/)
    }
    assert.equal((await named('national@file.example'))?.phone, null)
  })

  test('goes on where it was when the process that took it in died', async () => {
    const rows = Array.from({ length: 2_500 }, (_, place) => `k-${place},k${place}@kill.example`)
    const one = await upload(`id,email\n${rows.join('\n')}\n`)
    await check(one)
    await api.customerImports.run(at(one))
    const stopping = new AbortController()
    const stopped = setInterval(async () => {
      const { rows: found } = await sql.query('select line from customer_imports where id = $1', [one.id])
      if (Number(found[0].line) > 0) stopping.abort()
    }, 1)
    assert.equal(await workOnCustomers(house, scope, one.id, stopping.signal, 100), 'stopped')
    clearInterval(stopped)
    const half = await read(one)
    assert.ok(half.state === 'running' && half.rowsRead > 0 && half.rowsRead < 2_500, String(half.rowsRead))
    await beginCustomerImports(house)
    await house.jobs.settle()
    const done = await read(one)
    assert.deepEqual(
      [done.state, counts(done)],
      ['done', { rowsRead: 2_500, rowsNew: 2_500, rowsChanged: 0, rowsSame: 0, rowsRefused: 0 }],
    )
  })

  test('says what hinders it', async () => {
    assert.deepEqual(await refused(upload('')), [400, 'uploads.file_empty', '/body'])
    assert.deepEqual(await refused(upload('id,email\n')), [400, 'uploads.no_rows', '/body'])
    assert.deepEqual(await refused(upload('a@b.example,Ana,12\nc@d.example,Bor,13\n')), [
      ...[400, 'uploads.file_no_header', '/body'],
    ])
    const one = await upload('email,name\na@b.example,Ana\n')
    assert.deepEqual(await refused(api.customerImports.run(at(one))), [409, 'people.import_check_first', undefined])
    const checkBy = (mapping: CustomerImport['mapping']) =>
      refused(api.customerImports.check({ ...at(one), body: { mapping } }))
    assert.deepEqual(await checkBy({ email: 'mail' }), [400, 'uploads.no_such_column', '/body/mapping/email'])
    assert.deepEqual(await checkBy({ name: 'name' }), [400, 'people.import_nameless', '/body/mapping'])
    const { one: came } = await takeIn('email\ndone@b.example\n')
    const body = { mapping: { email: 'email' } }
    assert.deepEqual(await refused(api.customerImports.check({ ...at(came), body })), [
      409,
      'people.import_done',
      undefined,
    ])
    const megabytes = 2 ** 20
    assert.deepEqual(await refused(upload(new Uint8Array(101 * megabytes).fill(97))), [
      413,
      'uploads.too_large',
      undefined,
    ])
  })

  test('that ended a week ago is forgotten with what was shown of it; its figures stay', async () => {
    const folder = join(house.folder, 'customer-imports', scope.workspaceId)
    assert.ok(readdirSync(folder).length > 0)
    const { done } = await takeIn('email,phone\nbad,\nlast@b.example,040\n')
    house.clock.advance(8 * 86_400_000)
    await sql.query(`select enqueue_everywhere('tidy_customer_imports')`)
    await house.jobs.settle()
    const after = await read(done)
    assert.deepEqual(
      [after.sample, after.refused, after.partly, after.rowsRefused, after.rowsPartly],
      [[], [], [], 1, 1],
    )
    assert.equal(existsSync(join(folder, done.id)), false)
  })
})
