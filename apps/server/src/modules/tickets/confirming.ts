import { languages, type Language, type Translated } from '@lahko/contract/values'
import { getWorkspace } from '#accounts'
import type { House } from '#platform/house.ts'
import { html } from '#platform/html.ts'
import { loopHeader } from '#platform/mail/letters.ts'
import { claimRecipient, countQueuedSince } from '#platform/mail/mails.queries.ts'
import { queueMail } from '#platform/mail/queueing.ts'
import type { Tx } from '#platform/store.ts'
import { isLanguage } from '#platform/words.ts'
import type { MailboxRow } from './mailboxes.queries.ts'
import type { TicketMail } from './reading-mail.ts'
import { addressesOf, answersTo } from './own-addresses.ts'
import { signedMessageId, withoutToken } from './reply-tokens.ts'
import { findTicketRow } from './tickets.queries.ts'

/** The kind of mail that says that a ticket was opened. */
export const confirmationKind = 'ticket_confirmation'
const dayMs = 86_400_000

type Opened = {
  ticketId: string
  messageId: string
  mail: TicketMail
  sender: { address: string; customerId?: string }
}

/**
 * Tells whoever opened a ticket that it is there, if the mailbox says so: once a day to one address at most, never to a
 * program or a list, and never about a mail that is old.
 */
export async function confirmTicket(
  { config }: House,
  tx: Tx,
  mailbox: MailboxRow,
  { ticketId, messageId, mail, sender }: Opened,
): Promise<void> {
  const { id, name, confirmation, reply_key: replyKey, plus_addresses: plusAddresses } = mailbox
  if (confirmation === null) return
  const ticket = await findTicketRow(tx, ticketId)
  const since = new Date(tx.now.getTime() - dayMs)
  if (mail.automatic || mail.bulk || !sender.customerId || !ticket || ticket.created_at < since) return
  if (await wasConfirmedToday(tx, sender.address)) return
  const own = addressesOf(mailbox)
  const address =
    [...mail.to, ...mail.cc].map((one) => withoutToken(one.address)).find((one) => own.includes(one)) ?? own[0]!
  const text = textIn(confirmation, isLanguage(ticket.language) ? ticket.language : (await getWorkspace(tx)).language)
  if (text === undefined) return
  await queueMail(tx, config.mail, {
    kind: confirmationKind,
    subjectId: ticketId,
    number: 0,
    fromName: name,
    recipient: sender.address,
    // Where no address says to what an answer belongs, this does.
    messageId: signedMessageId(address, replyKey, messageId),
    subject: `Re: ${ticket.subject} [#${ticket.number}]`,
    text,
    html: String(html`<!doctype html><meta charset="utf-8">${paragraphsOf(text)}`),
    headers: {
      'Auto-Submitted': 'auto-replied',
      'X-Auto-Response-Suppress': 'All',
      [loopHeader]: id,
    },
    letter: {
      mailbox: id,
      from: { name, address },
      replyTo: { name, address: answersTo({ plusAddresses, replyKey }, address, messageId) },
      ...{ to: [{ name: mail.from.name, address: sender.address }], copies: [], blindCopies: [], files: [] },
      ...(mailbox.smtp && { server: id }),
      ...(mail.messageId !== null && { inReplyTo: mail.messageId }),
      references: mail.messageId === null ? [] : [mail.messageId],
    },
  })
}

/**
 * Whether somebody was told within a day that something of theirs is in, by mail or by the form, or is told so at this
 * moment: whoever asks tells them otherwise.
 */
export async function wasConfirmedToday(tx: Tx, address: string): Promise<boolean> {
  if (!(await claimRecipient(tx, confirmationKind, address))) return true
  const since = new Date(tx.now.getTime() - dayMs)
  return (await countQueuedSince(tx, [confirmationKind, 'request_received'], address, since)) > 0
}

function paragraphsOf(text: string) {
  return text.split(/\n{2,}/).map(
    (one) =>
      html`<p>${one
        .split('\n')
        .flatMap((line) => [line, html`<br>`])
        .slice(0, -1)}</p>`,
  )
}

function textIn(texts: Translated, language: Language): string | undefined {
  return [language, ...languages].map((one) => texts[one]).find((text) => text !== undefined && text !== '')
}
