import { incomingOutcomes, type IncomingMail } from '@lahko/contract/mailboxes'
import { oneOf } from '../../search.ts'

type IncomingSearch = { outcome?: IncomingMail['outcome']; mailbox?: string; mail?: string }

/** Which messages the ledger shows, and which one is open. */
export function readIncomingSearch(given: Record<string, unknown>): IncomingSearch {
  const named = (value: unknown) => (typeof value === 'string' && value ? value : undefined)
  return {
    outcome: oneOf([...incomingOutcomes], given['outcome']),
    mailbox: named(given['mailbox']),
    mail: named(given['mail']),
  }
}
