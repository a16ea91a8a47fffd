import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { insertFailedJob } from '#platform/failed-jobs.ts'
import { system } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newKey, newMember, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'

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

const code = (reply: { statusCode: number; json(): { code: string } }) => [reply.statusCode, reply.json().code]

describe('the workspace', () => {
  test('changes, says which fields did, and nothing when nothing did', async () => {
    const change = { name: 'Acme d.o.o.', accentHue: 20, keepMonths: 24, ownAddresses: ['10.0.0.0/8', '2001:db8::1'] }
    const changed = (await owner.ask('PATCH', '/workspace', change)).json()
    assert.deepEqual({ ...changed, ...change }, changed)
    await owner.ask('PATCH', '/workspace', change)
    const { rows } = await sql.query("select data from events where type = 'workspace.changed'")
    assert.deepEqual(rows, [{ data: { fields: ['name', 'accent_hue', 'keep_months', 'own_addresses'] } }])
    assert.equal((await owner.ask('PATCH', '/workspace', { keepMonths: null })).json().keepMonths, null)
    assert.equal((await other.ask('GET', '/me')).json().workspace.name, 'The other shop')
  })

  test('refuses what is not so', async () => {
    for (const [change, field] of [
      [{ timeZone: 'Mars/Base' }, '/body/timeZone'],
      [{ accentHue: 400 }, '/body/accentHue'],
      [{ ownAddresses: ['here'] }, '/body/ownAddresses/0'],
      [{ slug: 'new' }, '/body/slug'],
      [{ contactEmail: 'us' }, '/body/contactEmail'],
      [{ contactPhone: '555 01 80' }, '/body/contactPhone'],
      [{ imprintUrl: 'javascript:alert(1)' }, '/body/imprintUrl'],
      [{ privacyUrl: 'our page' }, '/body/privacyUrl'],
    ] as const) {
      const reply = await owner.ask('PATCH', '/workspace', change)
      assert.deepEqual([reply.statusCode, reply.json().errors[0].field], [400, field])
    }
  })
})

describe('the logo', () => {
  const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(100)])
  const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(50)])
  const webp = Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1'), Buffer.alloc(50)])
  const put = (content: Buffer, type = 'application/octet-stream') =>
    owner.ask('PUT', '/workspace/logo', content, { 'content-type': type })

  test('is what its bytes are, and public, with an address that caches may keep', async () => {
    for (const [content, type] of [
      [jpeg, 'image/jpeg'],
      [webp, 'image/webp'],
      [png, 'image/png'],
    ] as const) {
      assert.equal((await put(content, 'image/gif')).statusCode, 204)
      const { logoUrl } = (await owner.ask('GET', '/me')).json().workspace
      assert.match(logoUrl, /^\/logo\?v=[0-9a-f]{16}$/)
      const shown = await visitor(house).ask('GET', `/${logoUrl}`)
      assert.deepEqual(
        [
          shown.statusCode,
          shown.headers['content-type'],
          shown.headers['cache-control'],
          shown.headers['x-content-type-options'],
        ],
        [200, type, 'public, max-age=31536000, immutable', 'nosniff'],
      )
      assert.deepEqual(shown.rawPayload, content)
      const again = await visitor(house).ask('GET', '//logo', undefined, {
        'if-none-match': String(shown.headers['etag']),
      })
      assert.deepEqual([again.statusCode, again.headers['cache-control']], [304, 'public, max-age=300'])
    }
  })

  test('is refused when it is no image, or too large', async () => {
    assert.deepEqual(code(await put(Buffer.from('<svg onload="x()"/>'))), [400, 'accounts.not_an_image'])
    assert.deepEqual(code(await put(Buffer.alloc(0))), [400, 'accounts.not_an_image'])
    const large = Buffer.concat([png, Buffer.alloc(256 * 1024)])
    assert.deepEqual(code(await put(large)), [413, 'accounts.logo_too_large'])
    assert.equal((await put(large.subarray(0, 256 * 1024))).statusCode, 204)
  })

  test('belongs to its workspace, and goes', async () => {
    await put(png)
    assert.equal((await visitor(house, { host: 'other.localhost' }).ask('GET', '//logo')).statusCode, 404)
    assert.equal((await owner.ask('DELETE', '/workspace/logo')).statusCode, 204)
    assert.equal((await owner.ask('DELETE', '/workspace/logo')).statusCode, 204)
    assert.deepEqual(code(await visitor(house).ask('GET', '//logo')), [404, 'accounts.no_logo'])
    assert.equal((await owner.ask('GET', '/me')).json().workspace.logoUrl, null)
  })
})

describe('keys', () => {
  test('are shown once, kept as a hash, and listed by page', async () => {
    const made = await owner.ask('POST', '/keys', { name: 'Web shop', scopes: ['responses.write', 'responses.write'] })
    const { key, apiKey } = made.json()
    assert.equal(made.statusCode, 201)
    assert.match(key, /^lahko_[\w-]{43}$/)
    assert.deepEqual([apiKey.hint, apiKey.scopes, apiKey.lastUsedAt], [key.slice(0, 10), ['responses.write'], null])
    const { rows } = await sql.query(
      'select count(*) as count from api_keys k where hash = sha256($1) and k::text not like $2',
      [Buffer.from(key), `%${key}%`],
    )
    assert.equal(rows[0].count, 1)
    house.clock.advance(1)
    await newKey(owner, 'workspace.read')
    const [newest, next] = [(await owner.ask('GET', '/keys?limit=1')).json(), null]
    assert.equal(newest.items.length, 1)
    assert.notEqual(newest.next, next)
    const older = (await owner.ask('GET', `/keys?limit=1&after=${newest.next}`)).json()
    assert.equal(older.items[0].id, apiKey.id)
    assert.ok(!(await owner.ask('GET', '/keys')).body.includes(key))
  })

  test('hold no more than whoever makes them', async () => {
    const { member: manager } = await newMember(house, owner, 'manager', 'manager@acme.example')
    assert.deepEqual(code(await manager.ask('POST', '/keys', { name: 'x', scopes: ['workspace.manage'] })), [
      403,
      'accounts.scope_beyond_own',
    ])
    const { bearer } = await newKey(manager, 'keys.manage', 'responses.write')
    const byKey = (scopes: string[]) => visitor(house).ask('POST', '/keys', { name: 'x', scopes }, bearer)
    assert.deepEqual(code(await byKey(['responses.read'])), [403, 'accounts.scope_beyond_own'])
    assert.equal((await byKey(['responses.write'])).statusCode, 201)
  })

  test('do only what their scopes say', async () => {
    const { bearer } = await newKey(owner, 'members.read')
    assert.equal((await visitor(house).ask('GET', '/members', undefined, bearer)).statusCode, 200)
    assert.deepEqual(code(await visitor(house).ask('GET', '/keys', undefined, bearer)), [403, 'platform.not_allowed'])
  })

  test('of another workspace see and end nothing here', async () => {
    const [ours, theirs] = [await newKey(owner, 'members.read'), await newKey(other, 'members.read', 'keys.manage')]
    const members = (await visitor(house).ask('GET', '/members', undefined, theirs.bearer)).json().items as {
      email: string
    }[]
    assert.deepEqual(
      members.map((one) => one.email),
      ['owner@other.example'],
    )
    assert.deepEqual(code(await visitor(house).ask('DELETE', `/keys/${ours.id}`, undefined, theirs.bearer)), [
      404,
      'platform.not_found',
    ])
    assert.equal((await visitor(house).ask('GET', '/members', undefined, ours.bearer)).statusCode, 200)
  })

  test('are revoked once, and twice is as good', async () => {
    const { id } = await newKey(owner, 'members.read')
    assert.equal((await owner.ask('DELETE', `/keys/${id}`)).statusCode, 204)
    assert.equal((await owner.ask('DELETE', `/keys/${id}`)).statusCode, 204)
    const { rows } = await sql.query(
      "select count(*) as count from events where type = 'key.revoked' and subject_id = $1",
      [id],
    )
    assert.equal(rows[0].count, 1)
  })
})

describe('work that was given up', () => {
  test('is listed by page and tried again once, by whoever manages the workspace it belongs to', async () => {
    const { workspace } = (await owner.ask('GET', '/me')).json()
    const scope = { workspaceId: workspace.id, actor: system }
    for (const task of ['first', 'second']) {
      house.clock.advance(1)
      await house.store.write(scope, (tx) => insertFailedJob(tx, { task, payload: {}, error: new Error('away\nat x') }))
    }
    const newest = (await owner.ask('GET', '/jobs/failed?limit=1')).json()
    const older = (await owner.ask('GET', `/jobs/failed?limit=1&after=${newest.next}`)).json()
    const [{ id, failedAt }] = older.items
    assert.deepEqual(older, { items: [{ id, task: 'first', error: 'away', failedAt }], next: null })
    assert.deepEqual((await other.ask('GET', '/jobs/failed')).json().items, [])
    assert.equal((await other.ask('POST', `/jobs/failed/${id}/retry`)).statusCode, 404)
    assert.equal((await owner.ask('POST', `/jobs/failed/${id}/retry`)).statusCode, 204)
    assert.equal((await owner.ask('POST', `/jobs/failed/${id}/retry`)).statusCode, 404)
    const { rows } = await sql.query("select attempts from graphile_worker.jobs where task_identifier = 'first'")
    assert.deepEqual(rows, [{ attempts: 0 }])
    const { bearer } = await newKey(owner, 'workspace.read')
    assert.equal((await visitor(house).ask('GET', '/jobs/failed', undefined, bearer)).statusCode, 403)
  })
})
