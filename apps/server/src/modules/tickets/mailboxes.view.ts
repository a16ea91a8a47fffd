import type { Mailbox } from '@lahko/contract/mailboxes'
import type { MailServer } from '#platform/mail/letters.ts'
import type { Db } from '#platform/store.ts'
import { countOutcomes, type ImapSettings, type MailboxRow, type OutcomeCount } from './mailboxes.queries.ts'

/** Mailboxes as they are shown: with how they are, and without any secret. */
export async function viewMailboxes(db: Db, rows: readonly MailboxRow[]): Promise<Mailbox[]> {
  const counts = await countOutcomes(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => viewMailbox(row, counts))
}

function viewMailbox(row: MailboxRow, counts: readonly OutcomeCount[]): Mailbox {
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
    error: row.error,
    sendingFailingSince: row.sending_failing_since?.toISOString() ?? null,
    sendingError: row.sending_error,
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
