import type { Mailbox } from '@lahko/contract/mailboxes'
import type { Language } from '@lahko/contract/values'
import type { MailServer } from '#platform/mail/letters.ts'
import type { Db } from '#platform/store.ts'
import { explainedReason } from './mailbox-reasons.ts'
import { countOutcomes, type ImapSettings, type MailboxRow, type OutcomeCount } from './mailboxes.queries.ts'

/** Mailboxes as they are shown: with how they are, and without any secret, and with what is wrong in a reader’s language. */
export async function viewMailboxes(db: Db, rows: readonly MailboxRow[], language: Language): Promise<Mailbox[]> {
  const counts = await countOutcomes(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => viewMailbox(row, counts, language))
}

function viewMailbox(row: MailboxRow, counts: readonly OutcomeCount[], language: Language): Mailbox {
  const of = (outcome: string) => counts.find((one) => one.mailbox === row.id && one.outcome === outcome)?.count ?? 0
  return {
    id: row.id,
    name: row.name,
    address: row.address,
    aliases: row.aliases,
    imap: row.imap && viewImap(row.imap),
    smtp: row.smtp && viewSmtp(row.smtp),
    signatures: row.signatures,
    confirmation: row.confirmation,
    plusAddresses: row.plus_addresses,
    authServer: row.auth_server,
    paused: row.paused_at !== null,
    solvedBefore: row.solved_before?.toISOString() ?? null,
    checkedAt: row.checked_at?.toISOString() ?? null,
    failingSince: row.failing_since?.toISOString() ?? null,
    error: explainedReason(row.error, language),
    sendingFailingSince: row.sending_failing_since?.toISOString() ?? null,
    sendingError: explainedReason(row.sending_error, language),
    counts: {
      server: row.server_count,
      missing: row.missing,
      kept: of('kept'),
      repeats: of('repeat'),
      bounces: of('bounce'),
      setAside: of('set_aside'),
      waiting: of('waiting'),
    },
    createdAt: row.created_at.toISOString(),
  }
}

function viewImap({ host, port, secure, user, folder, oauth }: ImapSettings): Mailbox['imap'] {
  return {
    ...{ host, port, secure, user, folder },
    oauth: oauth ? { tokenUrl: oauth.tokenUrl, clientId: oauth.clientId } : null,
  }
}

function viewSmtp({ host, port, secure, user, oauth }: MailServer): Mailbox['smtp'] {
  return {
    ...{ host, port, secure, user },
    oauth: oauth ? { tokenUrl: oauth.tokenUrl, clientId: oauth.clientId } : null,
  }
}
