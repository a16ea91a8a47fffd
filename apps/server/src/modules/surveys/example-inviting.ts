import assert from 'node:assert/strict'
import { after, before, beforeEach } from 'node:test'
import pg from 'pg'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { partOf, testSmtp, type TestSmtp } from '#platform/testing/smtp.ts'
import { newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import { encode, exampleForms, formType, hiddenIn, type Fields } from './example-forms.ts'
import { insertExampleInvitation, type ExampleInvitation } from './example-invitations.ts'

/** Whoever imports this has a workspace that mails by a real server: it opens before their tests and closes after. */
type Forms = ReturnType<typeof exampleForms>

export let smtp: TestSmtp
export let house: TestHouse
export let sql: pg.Client
export let owner: Visitor
export let workspaceId: string
export let survey: Forms['survey']
export const host = 'feedback.example.com'
export const dayMs = 86_400_000

before(async () => {
  smtp = await testSmtp()
  house = await testHouse({
    LAHKO_SMTP_URL: smtp.url,
    LAHKO_MAIL_FROM: 'feedback@shop.example',
    LAHKO_BASE_URL: `https://${host}`,
    LAHKO_MAIL_PACE: '0',
  })
  sql = new pg.Client(house.database.owner)
  await sql.connect()
  const made = await newWorkspace(house, 'acme', visitor(house, { host }))
  owner = made.owner
  workspaceId = made.id
  ;({ survey } = exampleForms(house, owner))
})
beforeEach(() => {
  smtp.received.length = 0
  smtp.refuse = () => undefined
})
after(async () => {
  await sql.end()
  await house.close()
  await smtp.close()
})

type Wish = Partial<Parameters<typeof insertExampleInvitation>[1]>

export const putOff = () => ({ code: 451, message: '4.2.0 later' })

/** A waiting invitation is mailed. @param isPutOff its mail stays in the outbox until it is taken */
export async function invite(wish: Wish = {}, surveyWish: object = {}, isPutOff = false) {
  if (isPutOff) smtp.refuse = putOff
  const { id: surveyId, key } = await survey('ces-10-solved', undefined, surveyWish)
  const invitation = await insertExampleInvitation(sql, { workspaceId, surveyId, dueAt: house.clock.now(), ...wish })
  await house.due.drain()
  return { ...invitation, surveyId, key, ...sentTo(invitation) }
}

export function sentTo({ customerId }: ExampleInvitation) {
  const mail = smtp.received.findLast(({ to }) => to[0]!.includes(customerId.slice(0, 8)))
  const text = mail ? partOf(mail.raw, 'text/plain') : ''
  const token = /\/a\/([A-Za-z0-9_-]+)\?/.exec(text)?.[1] ?? ''
  return { raw: mail?.raw ?? '', text, html: mail ? partOf(mail.raw, 'text/html') : '', token }
}

export async function rowOf(id: string) {
  const { rows } = await sql.query('select * from invitations where id = $1', [id])
  return rows[0] as Record<string, unknown>
}

export async function answersTo(surveyId: string) {
  const { rows } = await sql.query(
    `select r.*, t.external_id as touchpoint, c.id as customer from responses r
     left join touchpoints t on t.id = r.touchpoint_id left join customers c on c.id = r.customer_id
     where r.survey_id = $1`,
    [surveyId],
  )
  return rows as Record<string, unknown>[]
}

const customer = () => visitor(house, { host, address: '198.51.100.7' })
export const open = (path: string, from = customer()) => from.ask('GET', `/${path}`)
export const post = (path: string, fields: Fields, from = customer()) =>
  from.ask('POST', `/${path}`, encode(fields), formType)
export const pathOf = (link: string) => link.replace(`https://${host}`, '')

/** The second tap: the page's own form, sent as it is. */
export async function send(path: string, fields: Fields = {}) {
  const page = await open(path)
  assert.equal(page.statusCode, 200, page.body)
  const chosen = /value="(\d+)"[^>]* checked/.exec(page.body)?.[1]
  const action = /<form method="post" action="([^"]+)"/.exec(page.body)![1]!
  return post(action, { ...hiddenIn(page.body), ...(chosen && { score: chosen }), ...fields })
}
