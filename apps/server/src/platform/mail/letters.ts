import type { Db } from '../store.ts'
import type { OauthAccount } from './access-tokens.ts'
import type { ClaimedMail } from './mails.queries.ts'

export type LetterAddress = { name: string; address: string }

/** What a mail from one person to others has, besides what every mail has. */
export type Letter = {
  /** The installation's address unless given. */
  from?: LetterAddress
  replyTo?: LetterAddress
  to: readonly LetterAddress[]
  copies: readonly LetterAddress[]
  blindCopies: readonly LetterAddress[]
  /** Message-IDs with their angle brackets, oldest first. */
  inReplyTo?: string
  references: readonly string[]
  /** What a server of its own is known by; the installation's sends it unless given. */
  server?: string
  /** The mailbox whose mail it is, whichever server sends it. */
  mailbox?: string
  /** What is attached, read when it is sent. With a `contentId` the HTML shows it. */
  files: readonly { id: string; contentId?: string }[]
  /** Those among all recipients who have not got it yet. */
  only?: readonly string[]
}

/** A server that takes mail, and how it is entered: by password, or with an access token (XOAUTH2). */
export type MailServer = {
  host: string
  port: number
  secure: boolean
  user: string
  password?: string
  oauth?: OauthAccount
}

export type LetterFile = { name: string; mediaType: string; content: Buffer; contentId?: string }

/** What a letter needs at the moment at which it is sent. */
export type Outfit = { server?: MailServer; files: readonly LetterFile[] }
export type FindOutfit = (db: Db, mail: Pick<ClaimedMail, 'letter'>) => Promise<Outfit>

/** A recipient whom a server does not take. `says` is what it answered. */
export type RefusedRecipient = { address: string; says: string; status: string | null }

/** Stands in every letter, so that one that comes back by a detour is known. */
export const loopHeader = 'X-Lahko-Loop'

/** The status of RFC 3463 in what a server said. */
export function statusIn(says: string): string | null {
  return /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(says)?.[0] ?? null
}

const longestReferences = 1_500

/** References that fit into one header: the first and the last ones stay. */
export function capReferences(ids: readonly string[]): string[] {
  const all = [...new Set(ids)]
  const tooLong = () => all.join(' ').length > longestReferences
  while (all.length > 2 && tooLong()) all.splice(1, 1)
  return tooLong() ? all.slice(-1) : all
}

/** The addresses to which a letter still has to go. */
export function recipientsOf({ to, copies, blindCopies, only }: Letter): readonly string[] {
  return only ?? [...new Set([...to, ...copies, ...blindCopies].map(({ address }) => address))]
}
