import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { newWorkspace, visitor } from '../testing/visitor.ts'
import { openDue, type DueKind } from './due.ts'
import { queueMail } from './mail/queueing.ts'
import { registerMailKind } from './mail/kinds.ts'
import { system, type Scope } from './store.ts'
import { testHouse, type TestHouse } from './testing/house.ts'

let house: TestHouse
let scope: Scope

before(async () => {
  house = await testHouse()
  scope = { workspaceId: (await newWorkspace(house, 'punctual', visitor(house))).id, actor: system }
  registerMailKind('greeting', {})
})
after(() => house.close())

test(
  'what one kind writes is done by another at once, and not when its second is over',
  { timeout: 10_000 },
  async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    await queue(true)
    const mailsFound = Promise.withResolvers<Scope>()
    let worked = false
    let writtenAt = 0
    const writes: DueKind = {
      name: 'urgent_mails',
      async work() {
        if (worked) return false
        // Meanwhile the other has found nothing.
        await sql`select pg_sleep(0.05)`.execute(house.store.outside)
        await queue(false)
        writtenAt = performance.now()
        return (worked = true)
      },
    }
    const finds: DueKind = { name: 'mails', work: async (found) => (mailsFound.resolve(found), false) }
    const due = openDue(house, [finds, writes])
    due.start()
    assert.equal((await mailsFound.promise).workspaceId, scope.workspaceId)
    const afterMs = performance.now() - writtenAt
    await due.stop()
    assert.ok(afterMs < 700, `${afterMs} ms`)
  },
)

async function queue(urgent: boolean): Promise<void> {
  await house.store.write(scope, (tx) =>
    queueMail(tx, house.config.mail, {
      ...{ kind: 'greeting', subjectId: randomUUID(), number: 0, fromName: 'Shop', recipient: 'ana@kupec.example' },
      ...{ subject: 'Hello', text: 'Hello', html: '<p>Hello</p>', headers: {}, urgent },
    }),
  )
}
