import { sql } from 'kysely'
import { wake } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { enqueue, type Task } from '#platform/jobs.ts'
import { Problem } from '#platform/problem.ts'
import { isLostConnection } from '#platform/problems.ts'
import type { Scope, Tx } from '#platform/store.ts'
import { endOfHeaders } from './charsets.ts'
import {
  listWaiting,
  lockWaiting,
  mostTries,
  updateJudged,
  updateTries,
  updateWaiting,
  type WaitingMail,
} from './incoming.queries.ts'
import { findMailboxRow, listOwnAddresses } from './mailboxes.queries.ts'
import type { TicketMail } from './reading-mail.ts'
import { membersOf, settleMail, type Desk } from './settling-mail.ts'
import { judgeTaskName } from './taking-mail-in.ts'

/** Messages that are judged in one transaction, each behind a savepoint: so many, so many bytes. */
const batch = { most: 25, bytes: 8 * 1024 * 1024 }

/** Judges what waits in a mailbox, in the order in which it came, so that an answer finds what it answers. */
export function judgeIncomingTask(house: House): Task {
  return {
    name: judgeTaskName,
    async run(scope, payload, stopping) {
      const mailboxId = String(payload['mailboxId'])
      while (await judgeSome(house, scope, mailboxId)) {
        if (!stopping.aborted) continue
        const again = (tx: Tx) => enqueue(tx, judgeTaskName, { mailboxId }, `${judgeTaskName}:${mailboxId}`)
        return house.store.write(scope, again)
      }
    },
  }
}

/** Judges a message that was set aside, or taken for a repeat, once more, whoever has its permission. @throws Problem conflict */
export async function judgeOnceMore(tx: Tx, id: string): Promise<void> {
  const mailboxId = await updateWaiting(tx, id)
  if (mailboxId === undefined) throw new Problem('conflict', 'mailboxes.not_set_aside')
  await enqueue(tx, judgeTaskName, { mailboxId }, `${judgeTaskName}:${mailboxId}`)
}

/** @returns whether there may be more */
async function judgeSome(house: House, scope: Scope, mailboxId: string): Promise<boolean> {
  const waiting = await house.store.write(scope, (tx) => beginReading(tx, mailboxId))
  if (waiting.length === 0) return false
  const read: [WaitingMail, TicketMail | undefined][] = []
  for (const one of waiting) read.push([one, await readOne(one)])
  try {
    await house.store.write(scope, async (tx) => {
      const mailbox = await findMailboxRow(tx, mailboxId)
      if (!mailbox) return
      const desk = { mailbox, own: await listOwnAddresses(tx), members: await membersOf(tx) }
      for (const [one, mail] of read) await judgeOne(house, tx, desk, one, mail)
      await wake(tx, 'mail.judged', mailboxId)
    })
  } catch (error) {
    // It could be read, whatever else went wrong.
    await house.store.write(scope, (tx) => updateTries(tx, idsOf(waiting), -1)).catch(() => undefined)
    throw error
  }
  return true
}

/** What is read next, counted before it is: a mail may end the process. After one did, each is read alone. */
async function beginReading(tx: Tx, mailboxId: string): Promise<WaitingMail[]> {
  const waiting = await listWaiting(tx, mailboxId, batch)
  const next = waiting.some(({ tries }) => tries > 0) ? waiting.slice(0, 1) : waiting
  await updateTries(tx, idsOf(next), 1)
  return next
}

function idsOf(waiting: readonly WaitingMail[]): string[] {
  return waiting.map(({ id }) => id)
}

/** Undefined when it cannot be read. What reads mail costs megabytes, which a company without mailboxes does not pay. */
async function readMail(raw: Buffer): Promise<TicketMail | undefined> {
  const { readTicketMail } = await import('./reading-mail.ts')
  return readTicketMail(raw).catch(() => undefined)
}

/** Undefined when no later attempt would read it either. */
async function readOne({ raw, tries }: WaitingMail): Promise<TicketMail | undefined> {
  return tries < mostTries ? readMail(raw ?? Buffer.of()) : undefined
}

/** What cannot be settled is set aside, and holds up nothing behind it. */
async function judgeOne(house: House, tx: Tx, desk: Desk, one: WaitingMail, mail?: TicketMail): Promise<void> {
  if (!(await lockWaiting(tx, one.id))) return
  const seen = await seenOf(one, mail)
  if (!mail) return updateJudged(tx, one.id, { ...seen, outcome: 'set_aside', reason: 'unreadable' })
  await sql`savepoint judged`.execute(tx.kysely)
  try {
    await updateJudged(tx, one.id, { ...seen, ...(await settleMail(house, tx, desk, one, mail)) })
  } catch (error) {
    if (isTransient(error)) throw error
    await sql`rollback to savepoint judged`.execute(tx.kysely)
    house.log.error({ err: error, incomingMailId: one.id }, 'a mail that came in could not be settled')
    await updateJudged(tx, one.id, { ...seen, outcome: 'set_aside', reason: 'failed' })
  }
  await sql`release savepoint judged`.execute(tx.kysely)
}

const longestHead = 65_536

/** From whom and about what, as far as the headers say so. */
async function seenOf({ raw }: WaitingMail, mail?: TicketMail): Promise<{ sender: string; subject: string }> {
  const head = raw?.subarray(0, Math.min(endOfHeaders(raw), longestHead)) ?? Buffer.of()
  const seen = mail ?? (await readMail(head))
  return { sender: seen?.from.address ?? '', subject: seen?.subject ?? '' }
}

/** What may go well with the next attempt: another transaction was in the way, or the database was. */
function isTransient(error: unknown): boolean {
  const { code = '' } = error as { code?: string }
  return isLostConnection(error as Error) || /^(40|53|55|57|58|08)/.test(code)
}
