import type { mailboxes as contract } from '@lahko/contract/mailboxes'
import type { z } from 'zod'
import { retractAbout } from '#notices'
import { emit } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { RenewToken } from '#platform/mail/access-tokens.ts'
import type { MailServer } from '#platform/mail/letters.ts'
import type { Db, Scope, Store, Tx } from '#platform/store.ts'
import { updateLeftBehind } from './incoming.queries.ts'
import { judgeLeftOver } from './taking-mail-in.ts'
import {
  deleteMailbox,
  findMailboxRow,
  insertMailbox,
  updateMailbox,
  updateRefreshToken,
  type GivenMailbox,
  type ImapSettings,
  type MailboxRow,
} from './mailboxes.queries.ts'

type Given = z.output<typeof contract.create.body>

/** @throws Problem not_found */
export async function getMailbox(db: Db, id: string): Promise<MailboxRow> {
  const row = await findMailboxRow(db, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return row
}

/** Adds a mailbox; whoever reads mailboxes finds it within seconds. @throws Problem invalid */
export async function addMailbox(tx: Tx, given: Given): Promise<string> {
  const id = uuidv7(tx.now.getTime())
  if (!(await insertMailbox(tx, id, settingsOf(given)))) throw invalidField('/body/address', 'mailboxes.address_taken')
  await emit(tx, { type: 'mailbox.added', subjectId: id })
  return id
}

/** Changes a mailbox; a server or folder that is another one is read from its beginning. @throws Problem */
export async function changeMailbox(tx: Tx, id: string, given: Given): Promise<void> {
  const before = await getMailbox(tx, id)
  const now = settingsOf(given, before)
  const elsewhere = !isSamePlace(before.imap, now.imap)
  await updateMailbox(tx, id, now, elsewhere).catch((error: unknown) => {
    const { code } = error as { code?: string }
    throw code === '23505' ? invalidField('/body/address', 'mailboxes.address_taken') : error
  })
  // It may be read from no server now, so that nobody would notice.
  if (elsewhere) await updateLeftBehind(tx, id, { place: before.place + 1, uidValidity: 0 })
  // Whoever changes it knows; what fails still is told anew. That messages are missing is not over by that.
  if (elsewhere || before.missing === 0) await retractAbout(tx, 'mailbox_failing', id)
  // What came while it was paused is judged now.
  if (!given.paused) await judgeLeftOver(tx, id)
  await emit(tx, { type: 'mailbox.changed', subjectId: id })
}

/** Keeps the refresh token that a provider gave in place of one, for every mailbox that has it, in and out. */
export function keepRefreshToken(store: Store, scope: Scope): RenewToken {
  return (before, now) => store.write(scope, (tx) => updateRefreshToken(tx, before, now))
}

/** Removes a mailbox by which nothing came yet. @throws Problem conflict for others, which can be paused */
export async function removeMailbox(tx: Tx, id: string): Promise<void> {
  await getMailbox(tx, id)
  if (!(await deleteMailbox(tx, id))) throw new Problem('conflict', 'mailboxes.mailbox_in_use')
  await emit(tx, { type: 'mailbox.removed', subjectId: id })
}

function settingsOf(given: Given, before?: MailboxRow): GivenMailbox {
  return {
    name: given.name,
    address: given.address,
    aliases: [...new Set(given.aliases)].filter((alias) => alias !== given.address),
    imap: given.imap && imapOf(given.imap, before?.imap ?? undefined),
    smtp: given.smtp && smtpOf(given.smtp, before?.smtp ?? undefined),
    signatures: given.signatures,
    confirmation: given.confirmation,
    plus_addresses: given.plusAddresses,
    auth_server: given.authServer?.toLowerCase() ?? null,
    solved_before: given.solvedBefore === null ? null : new Date(given.solvedBefore),
    paused: given.paused,
  }
}

/**
 * A secret that is left out stays, but never goes to another server than before: who may change a mailbox must not
 * learn its password by that.
 */
function imapOf(given: NonNullable<Given['imap']>, before?: ImapSettings): ImapSettings {
  const { password, oauth, ...place } = given
  const same = before?.host === place.host && before.port === place.port && before.user === place.user
  if (oauth) {
    const known = same && before?.oauth?.tokenUrl === oauth.tokenUrl ? before?.oauth : undefined
    const refreshToken = oauth.refreshToken || known?.refreshToken
    if (!refreshToken) throw invalidField('/body/imap/oauth/refreshToken', 'mailboxes.secret_missing')
    return { ...place, oauth: { ...oauth, clientSecret: oauth.clientSecret ?? known?.clientSecret, refreshToken } }
  }
  const kept = password || (same ? before?.password : undefined)
  if (!kept) throw invalidField('/body/imap/password', 'mailboxes.secret_missing')
  return { ...place, password: kept }
}

function smtpOf(given: NonNullable<Given['smtp']>, before?: MailServer): MailServer {
  const { password, oauth, ...place } = given
  if (oauth && place.user === '') throw invalidField('/body/smtp/user', 'mailboxes.user_missing')
  const same = before?.host === place.host && before.port === place.port && before.user === place.user
  if (oauth) {
    const known = same && before?.oauth?.tokenUrl === oauth.tokenUrl ? before?.oauth : undefined
    const refreshToken = oauth.refreshToken || known?.refreshToken
    if (!refreshToken) throw invalidField('/body/smtp/oauth/refreshToken', 'mailboxes.secret_missing')
    return { ...place, oauth: { ...oauth, clientSecret: oauth.clientSecret ?? known?.clientSecret, refreshToken } }
  }
  const kept = password || (same ? before?.password : undefined)
  if (place.user !== '' && !kept) throw invalidField('/body/smtp/password', 'mailboxes.secret_missing')
  return { ...place, ...(kept !== undefined && { password: kept }) }
}

function isSamePlace(one: ImapSettings | null, other: ImapSettings | null): boolean {
  return one?.host === other?.host && one?.user === other?.user && one?.folder === other?.folder
}
