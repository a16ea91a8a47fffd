import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { permissions, permissionsOfRole, roles, rolesGrantableBy } from '@lahko/contract'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { joinMany } from '../../testing/many-members.ts'
import { goodPassword, newKey, newMember, newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'

let house: TestHouse
let sql: pg.Client
let owner: Visitor
let other: Visitor
let ownerId: string

before(async () => {
  house = await testHouse({ LAHKO_SIGNUP: 'open' })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  owner = (await newWorkspace(house, 'acme')).owner
  other = (await newWorkspace(house, 'other')).owner
  ownerId = (await owner.ask('GET', '/members')).json().items[0].id
})
after(async () => {
  await sql.end()
  await house.close()
})

let count = 0
const join = (role: string) => newMember(house, owner, role, `${role}${++count}@acme.example`)
const code = (reply: { statusCode: number; json(): { code: string } }) => [reply.statusCode, reply.json().code]

describe('the table of permissions', () => {
  test('each role holds what the one below it holds, and an owner everything', () => {
    const order = ['viewer', 'agent', 'manager', 'owner'] as const
    for (let index = 1; index < order.length; index++) {
      const [less, more] = [permissionsOfRole[order[index - 1]!], permissionsOfRole[order[index]!]]
      assert.ok(less.every((permission) => more.includes(permission)) && more.length > less.length, order[index])
    }
    assert.deepEqual([...permissionsOfRole.owner].toSorted(), [...permissions].toSorted())
    assert.ok(!permissionsOfRole.manager.includes('workspace.manage'))
  })

  test('nobody gives a role that holds more than their own', () => {
    for (const giver of roles) {
      for (const given of rolesGrantableBy(giver)) {
        assert.ok(
          permissionsOfRole[given].every((permission) => permissionsOfRole[giver].includes(permission)),
          `${giver} gives ${given}`,
        )
      }
    }
    assert.deepEqual(rolesGrantableBy('agent'), [])
  })

  test('it is enforced on every request', async () => {
    const { member } = await join('viewer')
    assert.equal((await member.ask('GET', '/members')).statusCode, 200)
    for (const [method, path, body] of [
      ['POST', '/member-links', { role: 'viewer' }],
      ['PATCH', `/members/${ownerId}`, { role: 'viewer' }],
      ['DELETE', `/members/${ownerId}`, undefined],
      ['GET', '/keys', undefined],
      ['PATCH', '/workspace', { name: 'Mine now' }],
    ] as const) {
      assert.deepEqual(code(await member.ask(method, path, body)), [403, 'platform.not_allowed'], path)
      assert.deepEqual(code(await visitor(house).ask(method, path, body)), [401, 'platform.sign_in_first'], path)
    }
  })
})

describe('a link for a new member', () => {
  const invite = async (role = 'agent') =>
    (await owner.ask('POST', '/member-links', { role })).json() as { url: string; expiresAt: string }
  const tokenOf = ({ url }: { url: string }) => url.split('/').at(-1)!
  const person = { name: 'Bor Kos', email: 'bor@acme.example', password: goodPassword }

  test('says what it offers, adds one member, and only once', async () => {
    const link = await invite()
    assert.match(link.url, /^http:\/\/localhost\/app\/join\/[\w-]{43}$/)
    assert.equal(Date.parse(link.expiresAt) - house.clock.now().getTime(), 7 * 86_400_000)
    const [path, browser] = [`/member-links/${tokenOf(link)}`, visitor(house)]
    assert.deepEqual((await browser.ask('GET', path)).json(), {
      workspaceName: 'The acme shop',
      role: 'agent',
      email: null,
    })
    const joined = await browser.ask('POST', `${path}/acceptance`, { ...person, language: 'nb' })
    assert.deepEqual([joined.statusCode, joined.json()], [201, { workspaceUrl: 'http://localhost/app' }])
    const me = (await browser.ask('GET', '/me')).json()
    assert.deepEqual([me.role, me.account.language, me.permissions], ['agent', 'nb', permissionsOfRole.agent])
    await browser.ask('PATCH', '/me', { compact: true })
    const wishes = await Promise.all([browser, owner].map(async (one) => (await one.ask('GET', '/me')).json().compact))
    assert.deepEqual(wishes, [true, false], 'how dense the desk is, is each one’s own')
    assert.deepEqual(code(await browser.ask('GET', path)), [410, 'accounts.link_gone'])
    const again = await visitor(house).ask('POST', `${path}/acceptance`, { ...person, email: 'second@acme.example' })
    assert.deepEqual(code(again), [410, 'accounts.link_gone'])
    const { rows } = await sql.query("select count(*) as count from events where type = 'member.joined'")
    assert.ok(rows[0].count > 0)
  })

  test('of two who take it at once, one gets it', async () => {
    const path = `/member-links/${tokenOf(await invite())}/acceptance`
    const take = (email: string) => visitor(house).ask('POST', path, { ...person, email })
    const replies = await Promise.all([take('left@acme.example'), take('right@acme.example')])
    assert.deepEqual(replies.map((reply) => reply.statusCode).toSorted(), [201, 410])
    const { rows } = await sql.query(
      "select count(*) as count from accounts where email in ('left@acme.example', 'right@acme.example')",
    )
    assert.equal(rows[0].count, 1)
  })

  test('ends after seven days', async () => {
    const path = `/member-links/${tokenOf(await invite())}`
    const back = house.clock.now()
    house.clock.advance(7 * 86_400_000)
    assert.equal((await visitor(house).ask('GET', path)).statusCode, 410)
    house.clock.set(back)
  })

  test('is taken with the account that one has, by its password', async () => {
    const path = `/member-links/${tokenOf(await invite('viewer'))}/acceptance`
    const account = { email: 'owner@other.example', password: 'wrong wrong wrong' }
    assert.deepEqual(code(await visitor(house).ask('POST', path, account)), [401, 'accounts.wrong_sign_in'])
    const browser = visitor(house)
    const joined = await browser.ask('POST', path, { ...account, password: goodPassword })
    assert.equal(joined.statusCode, 201)
    assert.equal((await browser.ask('GET', '/me')).json().workspaces.length, 2)
  })

  test('a new account needs a name and a good password', async () => {
    const path = `/member-links/${tokenOf(await invite())}/acceptance`
    const nameless = await visitor(house).ask('POST', path, { email: 'new@acme.example', password: goodPassword })
    assert.deepEqual([...code(nameless), nameless.json().errors[0].field], [400, 'accounts.name_needed', '/body/name'])
    const weak = await visitor(house).ask('POST', path, {
      ...person,
      email: 'new@acme.example',
      password: 'password123',
    })
    assert.deepEqual(code(weak), [400, 'accounts.password_common'])
  })

  test('whoever is a member already keeps their role', async () => {
    const { url } = await invite('viewer')
    const browser = visitor(house)
    await browser.ask('POST', `/member-links/${tokenOf({ url })}/acceptance`, {
      email: 'owner@acme.example',
      password: goodPassword,
    })
    assert.equal((await browser.ask('GET', '/me')).json().role, 'owner')
  })

  test('gives no role beyond one’s own', async () => {
    const { member: manager } = await join('manager')
    assert.deepEqual(code(await manager.ask('POST', '/member-links', { role: 'owner' })), [
      403,
      'accounts.role_beyond_own',
    ])
    assert.equal((await manager.ask('POST', '/member-links', { role: 'manager' })).statusCode, 201)
    const { bearer } = await newKey(owner, 'members.manage', 'members.read')
    assert.equal((await visitor(house).ask('POST', '/member-links', { role: 'viewer' }, bearer)).statusCode, 403)
  })

  test('opens nothing once its maker may no longer hand it out', async () => {
    const { member: manager, id } = await join('manager')
    const { url } = (await manager.ask('POST', '/member-links', { role: 'agent' })).json()
    const look = async () => (await visitor(house).ask('GET', `/member-links/${tokenOf({ url })}`)).statusCode
    await owner.ask('PATCH', `/members/${id}`, { role: 'owner' })
    assert.equal(await look(), 200)
    await owner.ask('PATCH', `/members/${id}`, { role: 'agent' })
    assert.equal(await look(), 410)
  })

  test('opens nothing once its maker is removed', async () => {
    const { member: manager, id } = await join('manager')
    const { url } = (await manager.ask('POST', '/member-links', { role: 'agent' })).json()
    await owner.ask('DELETE', `/members/${id}`)
    assert.equal((await visitor(house).ask('GET', `/member-links/${tokenOf({ url })}`)).statusCode, 410)
  })
})

describe('members', () => {
  test('are listed by page, with their names', async () => {
    await join('viewer')
    const all: string[] = []
    let after = ''
    do {
      const page = (await owner.ask('GET', `/members?limit=2${after && `&after=${after}`}`)).json()
      all.push(...page.items.map((one: { email: string }) => one.email))
      after = page.next
    } while (after)
    const whole = (await owner.ask('GET', '/members?limit=200')).json()
    assert.deepEqual(
      all,
      whole.items.map((one: { email: string }) => one.email),
    )
    assert.equal(whole.next, null)
    assert.ok(all.includes('owner@acme.example') && new Set(all).size === all.length)
    assert.equal((await owner.ask('GET', '/members?after=nonsense')).json().errors[0].field, '/query/after')
  })

  test('get another role, which holds at once', async () => {
    const { member, id } = await join('viewer')
    assert.equal((await member.ask('GET', '/keys')).statusCode, 403)
    const changed = await owner.ask('PATCH', `/members/${id}`, { role: 'manager' })
    assert.deepEqual([changed.statusCode, changed.json().role], [200, 'manager'])
    assert.equal((await member.ask('GET', '/keys')).statusCode, 200)
    const { rows } = await sql.query("select data from events where type = 'member.role_changed' and subject_id = $1", [
      id,
    ])
    assert.deepEqual(rows, [{ data: { from: 'viewer', to: 'manager' } }])
  })

  test('who are removed are signed out at once, and their account goes with the last workspace', async () => {
    const { member, id } = await join('agent')
    assert.equal((await owner.ask('DELETE', `/members/${id}`)).statusCode, 204)
    assert.equal((await member.ask('GET', '/me')).statusCode, 401)
    assert.equal((await owner.ask('DELETE', `/members/${id}`)).statusCode, 404)
    const { rows } = await sql.query('select 1 from accounts where email = $1', [`agent${count}@acme.example`])
    assert.equal(rows.length, 0)
  })

  test('a manager neither makes, unmakes nor removes an owner', async () => {
    const { member: manager, id } = await join('manager')
    for (const reply of [
      await manager.ask('PATCH', `/members/${id}`, { role: 'owner' }),
      await manager.ask('PATCH', `/members/${ownerId}`, { role: 'viewer' }),
      await manager.ask('DELETE', `/members/${ownerId}`),
    ]) {
      assert.deepEqual(code(reply), [403, 'accounts.role_beyond_own'])
    }
  })

  test('the last owner stays', async () => {
    assert.deepEqual(code(await owner.ask('DELETE', `/members/${ownerId}`)), [409, 'accounts.last_owner'])
    assert.deepEqual(code(await owner.ask('PATCH', `/members/${ownerId}`, { role: 'viewer' })), [
      409,
      'accounts.last_owner',
    ])
  })

  test('of two owners who unmake each other at once, one stays', async () => {
    for (let round = 0; round < 3; round++) {
      const { member: second, id } = await join('owner')
      const replies = await Promise.all([
        owner.ask('PATCH', `/members/${id}`, { role: 'manager' }),
        second.ask('PATCH', `/members/${ownerId}`, { role: 'manager' }),
      ])
      const { rows } = await sql.query(
        "select count(*) as count from members m join workspaces using (workspace_id) where slug = 'acme' and role = 'owner'",
      )
      assert.equal(rows[0].count, 1)
      assert.ok(replies.some((reply) => reply.statusCode !== 200))
      if (replies[0]!.statusCode !== 200) {
        await second.ask('PATCH', `/members/${ownerId}`, { role: 'owner' })
        await owner.ask('DELETE', `/members/${id}`)
      }
    }
  })

  test('are found by the beginning of any of their names or of their address, by role, and by id', async () => {
    const { owner: leader } = await newWorkspace(house, 'grown')
    const workspaceId = (await leader.ask('GET', '/me')).json().workspace.id
    const many = Array.from({ length: 1_200 }, (_, place) => `Colleague ${place}`)
    const ids = await joinMany(house, workspaceId, [...many, 'Žiga Đurić-Zajc'])
    const [viewer] = await joinMany(house, workspaceId, ['Zora Zajc'], 'viewer')
    const names = async (query: string) =>
      (await leader.ask('GET', `/members?${query}`)).json().items.map((one: { name: string }) => one.name)
    assert.deepEqual(await names('search=zajc'), ['Žiga Đurić-Zajc', 'Zora Zajc'])
    assert.deepEqual(await names('search=ziga%20duric'), ['Žiga Đurić-Zajc'])
    assert.deepEqual(await names('search=zajc&may=tickets.write'), ['Žiga Đurić-Zajc'])
    assert.deepEqual(await names('search=aga'), [], 'no other part of a word')
    assert.deepEqual(await names('search=OWNER%40grown'), [(await leader.ask('GET', '/me')).json().account.name])
    assert.deepEqual(await names(`id=${viewer}&id=${ids.at(-2)}&id=${ownerId}`), ['Colleague 1199', 'Zora Zajc'])
    assert.deepEqual(await names('search=zajc&limit=1'), ['Žiga Đurić-Zajc'])
    const ticket = (
      await leader.ask('POST', '/tickets', { subject: 'Zip', text: 'Zip', from: { address: 'ana@kupec.example' } })
    ).json()
    const late = await leader.ask('PATCH', `/tickets/${ticket.id}`, { ownerId: ids.at(-1) })
    assert.equal(late.statusCode, 200, late.body)
    assert.equal(late.json().owner?.name, 'Žiga Đurić-Zajc', 'also whoever came after a thousand')
  })

  test('words are sought in small letters also in a database of the locale C', async () => {
    const { rows } = await sql.query(`select fold_words('ŽIGA ĐURIĆ, ŁUKASZ, ÆRØ, ÅSE' collate "C") as words`)
    assert.equal(rows[0].words, 'ziga duric, lukasz, æro, ase')
  })

  test('of another workspace are not there', async () => {
    assert.deepEqual(code(await other.ask('PATCH', `/members/${ownerId}`, { role: 'viewer' })), [
      404,
      'platform.not_found',
    ])
    assert.deepEqual(code(await other.ask('DELETE', `/members/${ownerId}`)), [404, 'platform.not_found'])
    const { items } = (await other.ask('GET', '/members')).json()
    assert.deepEqual(
      items.map((one: { email: string }) => one.email),
      ['owner@other.example'],
    )
  })
})
