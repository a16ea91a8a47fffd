import { returnedMails as contract } from '@lahko/contract/returned-mails'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { judgeAgain } from '#platform/mail/receiving/judging.jobs.ts'
import {
  findRaw,
  findReturnedMail,
  listReturnedMails,
  type ReturnedMailRow,
} from '#platform/mail/receiving/returned-mails.queries.ts'
import { viewReturnedMail } from '#platform/mail/receiving/returned-mails.view.ts'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { pageOf } from './accounts.view.ts'

/** What came back to the mails of the workspace. */
export function returnedMailRoutes({ config }: House): Route[] {
  return [
    route(contract.list, async ({ query, read }) => {
      const rows = await read((db) => listReturnedMails(db, { ...query, limit: query.limit + 1 }))
      return { ...pageOf(rows, query.limit, viewReturnedMail), receiving: config.mail.returns !== undefined }
    }),
    route(contract.get, async ({ params, read }) =>
      viewReturnedMail(await read((db) => getReturnedMail(db, params.id))),
    ),
    route(contract.source, async ({ params, read, reply }) => {
      const { kind } = await read((db) => getReturnedMail(db, params.id))
      // Before it is judged nobody knows whether it brings back a link that lets its reader in.
      const raw = kind === 'unread' ? undefined : await read((db) => findRaw(db, params.id))
      if (!raw) throw new Problem('not_found', 'platform.not_found')
      // A browser may show message/rfc822 as a page; whoever wrote it is a stranger.
      return reply
        .type('message/rfc822')
        .header('content-disposition', `attachment; filename="${params.id}.eml"`)
        .header('content-security-policy', "sandbox; default-src 'none'")
        .send(raw)
    }),
    route(contract.retry, ({ params, write }) =>
      write(async (tx) => {
        await getReturnedMail(tx, params.id)
        await judgeAgain(tx, params.id)
      }),
    ),
  ]
}

async function getReturnedMail(db: Db, id: string): Promise<ReturnedMailRow> {
  const mail = await findReturnedMail(db, id)
  if (!mail) throw new Problem('not_found', 'platform.not_found')
  return mail
}
