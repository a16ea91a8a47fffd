import type { Tx } from '../store.ts'
import type { Permission } from '@lahko/contract'
import type { FindOutfit, Letter, RefusedRecipient } from './letters.ts'

/** What is known of a mail that the server took, refused, or perhaps has. */
export type AboutMail = {
  subjectId: string
  number: number
  recipient: string
  letter?: Pick<Letter, 'server' | 'mailbox'> | null
}

/** What came back to a mail that was sent. `recipients`: whom it did not reach, where that is said. */
export type Returned =
  | { kind: 'bounced'; badAddress: boolean; status: string | null; says: string; recipients: RefusedRecipient[] }
  | { kind: 'complained' }
  | { kind: 'replied' }

/** Why a mail must not be sent any more, in a word, or until when it has to wait; undefined to send it. */
export type Refusal = string | Date | undefined

/**
 * Why a mail was given up: the server knows nobody at its address, or does not take it; or it has said nothing of it for
 * so long that it is too late.
 */
export type GivenUp = 'bad_address' | 'refused' | 'too_late'

/** What happens to the subject of a kind of mail, in the transaction in which it happens to the mail. */
export type MailKind = {
  /** Members read them; all others go to customers. */
  readonly to?: 'members'
  /** What somebody must be allowed besides to read them in the outbox. */
  readonly needs?: Permission
  /** Just before it is sent. */
  claimed?(tx: Tx, mail: AboutMail): Promise<Refusal>
  sent?(tx: Tx, mail: AboutMail): Promise<void>
  /** The same of many in place of `claimed` and `sent`, where that costs less than one after the other. */
  readonly together?: {
    /** @returns in the order of the mails */
    claimed(tx: Tx, mails: readonly AboutMail[]): Promise<Refusal[]>
    sent(tx: Tx, mails: readonly AboutMail[]): Promise<void>
  }
  /** What its letters are sent with: their own servers, and what is attached. */
  readonly outfit?: FindOutfit
  /** The server takes a letter for others, but not for these. */
  refused?(tx: Tx, mail: AboutMail, recipients: readonly RefusedRecipient[]): Promise<void>
  failed?(tx: Tx, mail: AboutMail, why: GivenUp): Promise<void>
  /** It will be tried again: until then it is nobody's. @param hindered why no mail at all leaves by its server */
  postponed?(tx: Tx, mail: AboutMail, hindered: string | undefined): Promise<void>
  /** A provider gave another refresh token in place of the one with which a server of its letters was entered. */
  renewed?(tx: Tx, before: string, now: string): Promise<void>
  uncertain?(tx: Tx, subjectId: string): Promise<void>
  /** Also before it is known that the mail was sent; twice is once. */
  returned?(tx: Tx, mail: AboutMail, returned: Returned): Promise<void>
  queuedAgain?(tx: Tx, subjectId: string): Promise<void>
}

const kinds = new Map<string, MailKind>()

/** Filled once by `app.ts` from the doors of the modules. */
export function registerMailKind(name: string, kind: MailKind): void {
  kinds.set(name, kind)
}

export function kindOfMail(name: string): MailKind {
  return kinds.get(name) ?? {}
}
