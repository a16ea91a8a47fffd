import { mailTextEntries as contract, mailTexts, type MailTexts } from '@lahko/contract/mail-texts'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { asPage } from '#platform/mail/mail-page.ts'
import { invalidField } from '#platform/problem.ts'
import { exampleMail, previewMail, sendTest } from './mail-previewing.ts'
import { changeProgrammeTexts, getProgrammeTexts } from './mail-texts.ts'
import { writeInvitation } from './invitation-mail.ts'

/** What the mails of programmes say: looked at before they are sent. */
export function mailTextRoutes(house: House): Route[] {
  return [
    route(contract.get, ({ read, params }) => read(async (db) => (await getProgrammeTexts(db, params.id)).texts)),
    route(contract.change, ({ write, params, body }) =>
      write(async (tx) => {
        await changeProgrammeTexts(tx, params.id, body)
        return (await getProgrammeTexts(tx, params.id)).texts
      }),
    ),
    route(contract.preview, ({ read, params, body }) => read((db) => previewMail(house, db, params.id, body))),
    route(contract.page, async ({ read, params, query, reply }) => {
      const { html } = await read(async (db) => {
        const given = query.texts === undefined ? undefined : readTexts(query.texts)
        const texts = given ?? (await getProgrammeTexts(db, params.id)).texts[query.language] ?? {}
        return writeInvitation(await exampleMail(house, db, params.id, { ...query, texts }))
      })
      return asPage(reply, html, query.scheme)
    }),
    route(contract.test, ({ write, params, body }) =>
      write((tx) => sendTest(house, tx, params.id, { ...body, known: 'yes' })),
    ),
  ]
}

function readTexts(json: string): MailTexts {
  try {
    return mailTexts.parse(JSON.parse(json))
  } catch {
    throw invalidField('/query/texts', 'programmes.bad_texts')
  }
}
