import { mails as contract, type Hindered, type Mail, type Receiving, type WholeMail } from '@lahko/contract/mails'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { asPage } from '#platform/mail/mail-page.ts'
import { kindOfMail } from '#platform/mail/kinds.ts'
import {
  findHindrance,
  findMail,
  listMails,
  type ListedMail,
  type WholeMail as WholeMailRow,
} from '#platform/mail/mails.queries.ts'
import { mailboxName } from '#platform/mail/receiving/imap-mailbox.ts'
import { findMailbox } from '#platform/mail/receiving/mailboxes.queries.ts'
import { checkSenderDomain, senderOf } from '#platform/mail/sender-domain.ts'
import { resendMail } from '#platform/mail/queueing.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Store } from '#platform/store.ts'
import type { MailConfig } from '../../config.ts'
import { pageOf } from './accounts.view.ts'

/** The outbox of the workspace. */
export function mailRoutes({ config, resolveTxt, store }: House): Route[] {
  return [
    route(contract.sending, async ({ read }) => {
      const sender = senderOf(config.mail)
      return {
        from: config.mail.from ?? null,
        server: config.mail.smtpUrl !== undefined,
        hindered: await read(viewHindrance),
        checks: sender ? await checkSenderDomain(resolveTxt, sender) : null,
        receiving: await viewReceiving(store, config.mail),
      }
    }),
    route(contract.list, async ({ query, read }) => {
      const toMembers = query.to && query.to === 'members'
      return read(async (db) => {
        const rows = await listMails(db, { ...query, toMembers, limit: query.limit + 1 })
        const server = config.mail.smtpUrl !== undefined
        return { ...pageOf(rows, query.limit, viewMail), server, hindered: await viewHindrance(db) }
      })
    }),
    route(contract.get, async ({ params, read }) => viewWholeMail(await read((db) => getMail(db, params.id)))),
    route(contract.page, async ({ params, read, reply }) => {
      const { html } = await read((db) => getMail(db, params.id))
      if (html === null) throw new Problem('not_found', 'platform.not_found')
      return asPage(reply, html)
    }),
    route(contract.resend, async ({ params, write }) => {
      await write(async (tx) => {
        await getMail(tx, params.id)
        await resendMail(tx, params.id)
      })
    }),
  ]
}

async function viewHindrance(db: Db): Promise<Hindered | null> {
  const found = await findHindrance(db)
  return found ? { since: found.since.toISOString(), says: found.says } : null
}

async function viewReceiving(store: Store, { returns }: MailConfig): Promise<Receiving | null> {
  if (!returns) return null
  const { address, imapUrl, receiver } = returns
  const name = imapUrl === undefined ? undefined : mailboxName(imapUrl)
  const row = name === undefined ? undefined : await findMailbox(store, name)
  return {
    address,
    server: receiver ? { port: receiver.port } : null,
    mailbox:
      name === undefined
        ? null
        : {
            name,
            checkedAt: row?.checkedAt?.toISOString() ?? null,
            failingSince: row?.failingSince?.toISOString() ?? null,
            error: row?.error ?? null,
          },
  }
}

/** A mail to members quotes what customers wrote: it is read by whoever may read that. */
async function getMail(db: Db, id: string): Promise<WholeMailRow> {
  const mail = await findMail(db, id)
  if (!mail) throw new Problem('not_found', 'platform.not_found')
  const { to, needs } = kindOfMail(mail.kind)
  const { permissions } = db.actor
  const isOpen = to !== 'members' || (permissions.has('responses.read') && (!needs || permissions.has(needs)))
  return isOpen ? mail : { ...mail, text: null, html: null }
}

function viewMail({ createdAt, dueAt, sentAt, hinderedSince, cameBack, ...rest }: ListedMail): Mail {
  const { id, kind, recipient, subject, state, attempts, reply, secret } = rest
  return {
    ...{ id, kind, recipient, subject, state, attempts, reply, secret },
    createdAt: createdAt.toISOString(),
    dueAt: dueAt.toISOString(),
    hinderedSince: hinderedSince?.toISOString() ?? null,
    sentAt: sentAt?.toISOString() ?? null,
    cameBack: cameBack && { ...cameBack, at: new Date(cameBack.at).toISOString() },
  }
}

function viewWholeMail(mail: WholeMailRow): WholeMail {
  const { kind, text, html } = mail
  // With that of a notice one could write in its reader's name.
  const messageId = kindOfMail(kind).to === 'members' ? null : mail.messageId
  return { ...viewMail(mail), messageId, text, html }
}
