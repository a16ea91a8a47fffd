import { createTransport } from 'nodemailer'
import { accessToken, tokensBy, type RenewToken } from '#platform/mail/access-tokens.ts'
import type { MailServer } from '#platform/mail/letters.ts'
import { entryOf } from '#platform/mail/transport.ts'
import type { ImapAccount } from '#platform/mail/receiving/imap-entry.ts'
import { tryImap } from '#platform/mail/receiving/imap-reader.ts'
import type { Language } from '@lahko/contract/values'
import { words } from '#platform/words.ts'
import { explained } from './mailbox-reasons.ts'
import type { ImapSettings, MailboxRow } from './mailboxes.queries.ts'

type Found = { ok: boolean; says: string }
export type Trial = { imap: (Found & { messages: number | null }) | null; smtp: Found | null }

const patienceMs = 20_000

/** How the reader enters a mailbox's server. */
export function imapAccount(
  { password, oauth, ...place }: ImapSettings,
  now: () => Date,
  renew: RenewToken,
): ImapAccount {
  return {
    ...place,
    secret: async () =>
      oauth
        ? { accessToken: await accessToken({ ...oauth, refreshToken: oauth.refreshToken ?? '' }, now(), renew) }
        : { pass: password ?? '' },
  }
}

/** Enters the servers of a mailbox, and says in words how that went. Nothing is changed there. */
export async function tryMailbox(
  { imap, smtp }: Pick<MailboxRow, 'imap' | 'smtp'>,
  language: Language,
  now: () => Date,
  renew: RenewToken,
): Promise<Trial> {
  const [inward, outward] = await Promise.all([
    imap && tryIn(imapAccount(imap, now, renew), language),
    smtp && tryOut(smtp, language, now, renew),
  ])
  return { imap: inward, smtp: outward }
}

async function tryIn(account: ImapAccount, language: Language): Promise<NonNullable<Trial['imap']>> {
  try {
    const messages = await tryImap(account, AbortSignal.timeout(patienceMs))
    return { ok: true, says: words(language, 'mailboxes.imap_entered', { messages }), messages }
  } catch (error) {
    return { ok: false, says: explained(error, language), messages: null }
  }
}

async function tryOut(smtp: MailServer, language: Language, now: () => Date, renew: RenewToken): Promise<Found> {
  const timeouts = { connectionTimeout: patienceMs, greetingTimeout: patienceMs, socketTimeout: patienceMs }
  const transport = createTransport({ ...entryOf(smtp, tokensBy(now, renew)), ...timeouts })
  try {
    await transport.verify()
    return { ok: true, says: words(language, 'mailboxes.smtp_entered') }
  } catch (error) {
    return { ok: false, says: explained(error, language) }
  } finally {
    transport.close()
  }
}
