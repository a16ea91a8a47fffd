import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTransport } from 'nodemailer'
import pg from 'pg'
import { exampleForms } from '../../../modules/surveys/example-forms.ts'
import { insertExampleInvitation } from '../../../modules/surveys/example-invitations.ts'
import { newWorkspace, visitor, type Visitor } from '../../../testing/visitor.ts'
import { openDebianMail, type DebianMail } from '../../testing/debian-mail.ts'
import { testHouse, type TestHouse } from '../../testing/house.ts'
import { testSmtp, type Refusal, type TestSmtp } from '../../testing/smtp.ts'
import { openMailbox } from './imap-mailbox.ts'

// The whole way over Debian's postfix and dovecot: `npm run test:external`.

let buyers: TestSmtp
let mail: DebianMail
let house: TestHouse
let sql: pg.Client
let owner: Visitor
let wish: { workspaceId: string; surveyId: string }

const refusals: Record<string, Refusal> = {
  nobody: { code: 550, message: '5.1.1 nobody here by that name' },
  full: { code: 552, message: '5.2.2 mailbox full' },
}

before(async () => {
  buyers = await testSmtp()
  buyers.refuse = (address) => refusals[address.split('@')[0]!]
  mail = await openDebianMail(Number(new URL(buyers.url).port))
  house = await testHouse({
    LAHKO_SMTP_URL: mail.smtpUrl,
    LAHKO_MAIL_FROM: 'feedback@shop.test',
    LAHKO_RETURN_IMAP: mail.imapUrl,
  })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  const made = await newWorkspace(house, 'debian', visitor(house))
  owner = made.owner
  wish = { workspaceId: made.id, surveyId: (await exampleForms(house, owner).survey('ces-10-solved')).id }
})
after(async () => {
  await sql?.end()
  await house?.close()
  await mail?.close()
  await buyers?.close()
})

/** Invites an address. @returns what came back, as the ledger shows it */
async function invite(email: string, meanwhile: (mailId: string) => Promise<unknown> = async () => undefined) {
  const { id } = await insertExampleInvitation(sql, { ...wish, email, dueAt: house.clock.now() })
  await house.due.drain()
  const { rows } = await sql.query<{ id: string; state: string }>('select id, state from mails where subject_id = $1', [
    id,
  ])
  assert.equal(rows[0]!.state, 'sent')
  await meanwhile(rows[0]!.id)
  const mailbox = openMailbox(house, mail.imapUrl)
  for (let tries = 0; tries < 100; tries++) {
    await mailbox.readOnce()
    await house.jobs.settle()
    const line = (await owner.ask('GET', `/invitations/${id}`)).json()
    if (line.returned.length > 0) return line
    await sleep(200)
  }
  throw new Error('nothing came back within 20 seconds')
}

const suppressions = async (email: string) =>
  (await owner.ask('GET', `/suppressions?address=${email}`)).json().items.length as number

test('postfix takes a mail for nobody and sends it back: the address is not written to again', async () => {
  const { state, returned } = await invite('nobody@buyer.test')
  assert.deepEqual([state, returned[0].kind, returned[0].status], ['bounced', 'bounce', '5.1.1'])
  assert.equal(await suppressions('nobody@buyer.test'), 1)
})

test('postfix sends a mail back from a full mailbox: the address may be written to again', async () => {
  const { state, returned } = await invite('full@buyer.test')
  assert.deepEqual([state, returned[0].status], ['bounced', '5.2.2'])
  assert.equal(await suppressions('full@buyer.test'), 0)
})

test('a reply goes over postfix into the mailbox and is read with dovecot', async () => {
  const { returned, facts } = await invite('nives@buyer.test', async (mailId) => {
    const transport = createTransport(mail.smtpUrl)
    await transport.sendMail({
      from: 'nives@buyer.test',
      to: 'feedback@shop.test',
      subject: 'Re: Kako enostavno je bilo?',
      inReplyTo: `<${mailId}@shop.test>`,
      text: 'Zelo enostavno.\n\nDne 20. 11. 2026 ob 10:00 je Čevljar napisal:\n> Živjo\n',
    })
    transport.close()
  })
  assert.deepEqual([returned[0].kind, returned[0].text], ['reply', 'Zelo enostavno.'])
  assert.ok(facts.some(({ fact }: { fact: string }) => fact === 'replied'))
})
