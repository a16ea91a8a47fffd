import type { Language } from '@lahko/contract/values'
import { getWorkspace, originForMail } from '#accounts'
import type { House } from '#platform/house.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Letter } from '#platform/mail/letters.ts'
import type { MailKind } from '#platform/mail/kinds.ts'
import { mailColour } from '#platform/mail/mail-colour.ts'
import { writePlainMail } from '#platform/mail/plain-mail.ts'
import { queueMail } from '#platform/mail/queueing.ts'
import { hashToken, newToken } from '#platform/secrets.ts'
import type { Db, Tx } from '#platform/store.ts'
import { localeOf, words } from '#platform/words.ts'
import { findMailboxToWrite, type OutgoingMailbox } from './outgoing-mailboxes.queries.ts'
import { mailboxMails } from './mailbox-sending.ts'
import { answersTo } from './own-addresses.ts'
import { signedMessageId } from './reply-tokens.ts'
import { wasConfirmedToday } from './confirming.ts'
import { countLinks, insertLink, type CustomerLink } from './customer-links.queries.ts'

/** Whoever has so many unused links in their mail box gets no more: nobody fills it by asking in their name. */
const mostUnused = 6
const minuteMs = 60_000
/** The kind of mail that says that a request by the form is in. */
export const receivedKind = 'request_received'
const validMs = { request_link: 30 * minuteMs, [receivedKind]: 7 * 1440 * minuteMs }

/** The mails by which customers get to their requests. */
export const requestLinks: Readonly<Record<string, MailKind>> = { request_link: mailboxMails }

/**
 * That a request is in, and where it is followed; once a day to one address, as anybody can write it into the form.
 * What somebody wrote is not repeated: it may be another's address.
 */
export async function mailReceived(
  house: House,
  tx: Tx,
  about: { ticketId: string; messageId: string; number: number; address: string; language: Language },
): Promise<void> {
  if (await wasConfirmedToday(tx, about.address)) return
  await mailLink(house, tx, receivedKind, { ...about, subjectId: about.ticketId })
}

/** Whether mails to customers have any way out: by the installation's server, or a mailbox's own. */
export async function canMailCustomers({ config }: House, db: Db): Promise<boolean> {
  return config.mail.smtpUrl !== undefined || Boolean((await findMailboxToWrite(db))?.smtp)
}

/** A link to all of one's requests, or to the one that somebody wanted to see. */
export async function mailRequestLink(
  house: House,
  tx: Tx,
  about: CustomerLink & { language: Language },
): Promise<void> {
  const last = new Date(tx.now.getTime() + validMs.request_link)
  if ((await countLinks(tx, about.address, last)) >= mostUnused) return
  await mailLink(house, tx, 'request_link', { ...about, subjectId: uuidv7(tx.now.getTime()), number: 0 })
}

type About = CustomerLink & {
  subjectId: string
  number: number
  language: Language
  /** The message of the request that an answer to the mail follows. */
  messageId?: string
}

/** How it goes by a mailbox: by its server, if it has one, and with answers that become messages of the request. */
function byMailbox(mailbox: OutgoingMailbox | undefined, { address, messageId }: About) {
  if (!mailbox || (!mailbox.smtp && messageId === undefined)) return {}
  const { id, name, replyKey } = mailbox
  const from = { name, address: mailbox.address }
  const letter: Letter = {
    ...{ mailbox: id, ...(mailbox.smtp && { server: id, from }) },
    ...(messageId !== undefined && { replyTo: { name, address: answersTo(mailbox, mailbox.address, messageId) } }),
    ...{ to: [{ name: '', address }], copies: [], blindCopies: [], references: [], files: [] },
  }
  // Where no address says to what an answer belongs, this does.
  return { letter, ...(messageId !== undefined && { messageId: signedMessageId(from.address, replyKey, messageId) }) }
}

async function mailLink(house: House, tx: Tx, kind: keyof typeof validMs, about: About): Promise<void> {
  const { address, ticketId, language, number } = about
  const expiresAt = new Date(tx.now.getTime() + validMs[kind])
  const token = newToken()
  await insertLink(tx, hashToken(token), { address, ticketId }, expiresAt)
  const workspace = await getWorkspace(tx)
  const company = workspace.name
  const url = `${await originForMail(house, tx)}/requests/enter/${token}?lang=${language}`
  const until = new Intl.DateTimeFormat(localeOf[language], {
    ...{ dateStyle: 'medium', timeStyle: 'short', timeZone: workspace.time_zone },
  }).format(expiresAt)
  const say = (key: string) => words(language, `requests.${kind}.${key}`, { company, number, address, until })
  const colour = mailColour({ hue: workspace.accent_hue, chroma: workspace.accent_chroma })
  const mail = writePlainMail({
    ...{ language, company, colour, subject: say('subject'), heading: say('heading') },
    paragraphs: [say('what'), say('until')],
    button: { label: say('button'), url },
    footer: [say('why')],
  })
  await queueMail(tx, house.config.mail, {
    ...{ kind, subjectId: about.subjectId, number: 0, fromName: company, recipient: address },
    ...{ urgent: true, secret: true, expiresAt, ...mail },
    ...byMailbox(await findMailboxToWrite(tx), about),
  })
}
