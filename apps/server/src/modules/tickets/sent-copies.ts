import type { ImapFlow } from 'imapflow'
import MailComposer from 'nodemailer/lib/mail-composer'
import type { MailConfig } from '../../config.ts'
import type { House } from '#platform/house.ts'
import { enqueue, type Task } from '#platform/jobs.ts'
import { findLetter } from '#platform/mail/mails.queries.ts'
import { messageOf } from '#platform/mail/transport.ts'
import type { Db, Tx } from '#platform/store.ts'
import { replyMailKind } from './leaving.ts'
import { findOutfit } from './outfits.ts'
import { keepRefreshToken } from './mailboxes.ts'
import { startTls, withSecret, type ImapAccount, type ImapSecret } from '#platform/mail/receiving/imap-entry.ts'
import { imapAccount } from './mailbox-trying.ts'
import { findSentFolderAccount } from './outgoing-mailboxes.queries.ts'

const task = 'keep_sent_copy'

/** Asks for a copy of a reply among what was sent from its mailbox, where that has such a folder. */
export async function keepSentCopy(tx: Tx, messageId: string): Promise<void> {
  if (await findSentFolderAccount(tx, messageId)) await enqueue(tx, task, { messageId }, `${task}:${messageId}`)
}

/** Puts copies of replies into the folders of mailboxes for what was sent. A copy that is there stays the only one. */
export function sentCopiesTask(house: House): Task {
  return {
    name: task,
    async run(scope, payload) {
      const messageId = String(payload['messageId'])
      const account = await house.store.read(scope, (db) => findSentFolderAccount(db, messageId))
      const copy = account && (await house.store.read(scope, (db) => copyOf(db, house.config.mail, messageId)))
      if (!copy) return
      await append(
        imapAccount(account, () => house.clock.now(), keepRefreshToken(house.store, scope)),
        copy,
      )
    },
  }
}

type Copy = { id: string; raw: Buffer; at: Date }

/** Undefined when what was written has been forgotten. */
async function copyOf(db: Db, config: MailConfig, messageId: string): Promise<Copy | undefined> {
  const mail = await findLetter(db, replyMailKind, messageId)
  if (!mail) return undefined
  const at = mail.sentAt ?? db.now
  const { blindCopies = [] } = mail.letter ?? {}
  const message = messageOf(mail, config, await findOutfit(db, mail))
  const composed = new MailComposer({ ...message, bcc: [...blindCopies], date: at }).compile()
  composed.keepBcc = true
  return { id: mail.messageId, raw: await composed.build(), at }
}

function append(account: ImapAccount, copy: Copy): Promise<void> {
  return withSecret(account, async (secret) => appendBy(await clientOf(account, secret), copy))
}

async function appendBy(client: ImapFlow, { id, raw, at }: Copy): Promise<void> {
  try {
    await client.connect()
    const folder = await sentFolderOf(client)
    if (folder === undefined) return
    await client.mailboxOpen(folder)
    const there = await client.search({ header: { 'message-id': id } }, { uid: true })
    if (!there || there.length === 0) await client.append(folder, raw, [String.raw`\Seen`], at)
    await client.logout()
  } finally {
    client.close()
  }
}

async function clientOf({ host, port, secure, user }: ImapAccount, secret: ImapSecret): Promise<ImapFlow> {
  const { ImapFlow: Client } = await import('imapflow')
  const client = new Client({
    ...{ host, port, secure, logger: false, disableAutoIdle: true },
    ...startTls(host, secure),
    auth: { user, ...secret },
    ...{ connectionTimeout: 30_000, greetingTimeout: 30_000, socketTimeout: 120_000 },
  })
  // Whoever waits for a command is told as well; unheard, the event would end the process.
  client.on('error', () => undefined)
  return client
}

/** Where mail programs put what was sent; made where there is none yet, as they do. Undefined where we may not. */
async function sentFolderOf(client: ImapFlow): Promise<string | undefined> {
  const found = sentFolderIn(await client.list())
  if (found !== undefined) return found
  try {
    return (await client.mailboxCreate('Sent')).path
  } catch (error) {
    if ((error as { responseStatus?: string }).responseStatus === 'NO') return undefined
    throw error
  }
}

const names =
  /^(sent( (items|messages|mail))?|poslan[aoei]( (pošta|elementi|sporočila))?|sendte?( (elementer|meldinger))?|gesendete?( (elemente|objekte|nachrichten))?)$/i

/** As the server marks it, else by the names that mail programs give it. Pure. */
export function sentFolderIn(
  folders: readonly { path: string; name: string; specialUse?: string }[],
): string | undefined {
  const marked = folders.find(({ specialUse }) => specialUse === String.raw`\Sent`)
  return (marked ?? folders.find(({ name }) => names.test(name.normalize('NFC'))))?.path
}
