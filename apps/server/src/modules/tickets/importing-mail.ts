import type { Readable } from 'node:stream'
import type { House } from '#platform/house.ts'
import type { Scope } from '#platform/store.ts'
import { arrivalIn, mailsIn } from './mail-files.ts'
import { listMailboxRows, type MailboxRow } from './mailboxes.queries.ts'
import { takeMailIn, type Arrival } from './taking-mail-in.ts'

/** Messages that are taken in one transaction: so many, or so many bytes. */
const batch = { messages: 50, bytes: 4 * 1024 * 1024 }
const mostMailboxes = 1_000

export type Imported = { read: number; taken: number }

/**
 * Takes in every message of a file, as if it had come to a mailbox; jobs make tickets of them. What is there already is
 * a repeat, so the same file may be read again after it was interrupted.
 * @param past all of it is over: the tickets are solved, and nobody is told or asked
 * @param onPart is told after each transaction
 */
export async function importMails(
  { store, clock }: House,
  scope: Scope,
  mailboxId: string,
  file: Readable,
  past = false,
  onPart: (done: Imported) => void = () => undefined,
): Promise<Imported> {
  const done = { read: 0, taken: 0 }
  let waiting: Arrival[] = []
  const keep = async () => {
    if (waiting.length === 0) return
    done.taken += await store.write(scope, (tx) => takeMailIn(tx, mailboxId, waiting))
    done.read += waiting.length
    waiting = []
    onPart(done)
  }
  for await (const mail of mailsIn(file)) {
    waiting.push({ raw: mail.raw, past, receivedAt: arrivalIn(mail, clock.now()) ?? clock.now() })
    const bytes = waiting.reduce((sum, one) => sum + one.raw.length, 0)
    if (waiting.length >= batch.messages || bytes > batch.bytes) await keep()
  }
  await keep()
  return done
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
