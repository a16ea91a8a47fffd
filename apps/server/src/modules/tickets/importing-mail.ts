import type { Readable } from 'node:stream'
import type { House } from '#platform/house.ts'
import type { Scope } from '#platform/store.ts'
import { endOfHeaders } from './charsets.ts'
import { arrivalIn, mailsIn, type FiledMail } from './mail-files.ts'
import { listMailboxRows, type MailboxRow } from './mailboxes.queries.ts'
import { mostBytes, takeMailIn, type Arrival } from './taking-mail-in.ts'

/** Messages that are taken in one transaction: so many, or so many bytes. */
const batch = { messages: 50, bytes: 4 * 1024 * 1024 }
const mostMailboxes = 1_000
const longestHead = 65_536

export type Imported = {
  read: number
  taken: number
  /** How many were larger than a message may be. */
  refused: number
}
/** A message that is too large. `place`: the how manieth of its file it is, from 1, and `line`: where it begins there. */
export type TooLarge = { place: number; line: number; size: number; sender: string; subject: string }

/** Told of what happens meanwhile. */
export type ImportWatch = {
  /** After each transaction. */
  onPart?(done: Imported): void
  onTooLarge?(mail: TooLarge): void
}

/**
 * Takes in every message of a file, as if it had come to a mailbox; jobs make tickets of them. What is there already is
 * a repeat, so the same file may be read again after it was interrupted. What is too large is refused: a part of it
 * would be all that there is.
 * @param past all of it is over: the tickets are solved, and nobody is told or asked
 */
export async function importMails(
  { store, clock }: House,
  scope: Scope,
  mailboxId: string,
  file: Readable,
  past = false,
  { onPart, onTooLarge }: ImportWatch = {},
): Promise<Imported> {
  const done = { read: 0, taken: 0, refused: 0 }
  let waiting: Arrival[] = []
  const keep = async () => {
    if (waiting.length === 0) return
    done.taken += await store.write(scope, (tx) => takeMailIn(tx, mailboxId, waiting))
    done.read += waiting.length
    waiting = []
    onPart?.(done)
  }
  let place = 0
  for await (const mail of mailsIn(file, mostBytes)) {
    place++
    if (mail.size > mostBytes) {
      done.refused++
      onTooLarge?.(await named(mail, place))
      continue
    }
    waiting.push({ raw: mail.raw, filed: true, past, receivedAt: arrivalIn(mail, clock.now()) ?? clock.now() })
    const bytes = waiting.reduce((sum, one) => sum + one.raw.length, 0)
    if (waiting.length >= batch.messages || bytes > batch.bytes) await keep()
  }
  await keep()
  return done
}

async function named({ raw, size, line }: FiledMail, place: number): Promise<TooLarge> {
  const { readTicketMail } = await import('./reading-mail.ts')
  const head = raw.subarray(0, Math.min(endOfHeaders(raw), longestHead))
  const read = await readTicketMail(head).catch(() => undefined)
  return { place, line, size, sender: read?.from.address ?? '', subject: read?.subject ?? '' }
}

/** The mailbox at an address or alias, or the only one there is. */
export async function findMailboxCalled(
  { store }: House,
  scope: Scope,
  address?: string,
): Promise<Pick<MailboxRow, 'id' | 'address'> | undefined> {
  const all = await store.read(scope, (db) => listMailboxRows(db, { limit: mostMailboxes }))
  if (address === undefined) return all.length === 1 ? all[0] : undefined
  const wanted = address.toLowerCase()
  return all.find((one) => one.address === wanted || one.aliases.includes(wanted))
}
