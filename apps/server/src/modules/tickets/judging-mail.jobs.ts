import { sql } from 'kysely'
import { wake } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { enqueue, type Task } from '#platform/jobs.ts'
import { Problem } from '#platform/problem.ts'
import { isLostConnection } from '#platform/problems.ts'
import type { Scope, Tx } from '#platform/store.ts'
import { endOfHeaders } from './charsets.ts'
import { listWaiting, lockWaiting, updateJudged, updateWaiting, type WaitingMail } from './incoming.queries.ts'
import { findMailboxRow, listOwnAddresses } from './mailboxes.queries.ts'
import { readTicketMail, type TicketMail } from './reading-mail.ts'
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
  const { mailbox, waiting } = await house.store.read(scope, async (db) => ({
    mailbox: await findMailboxRow(db, mailboxId),
    waiting: await listWaiting(db, mailboxId, batch),
  }))
  if (!mailbox || waiting.length === 0) return false
  const read: [WaitingMail, TicketMail | undefined][] = []
  // No later attempt would read it either.
  for (const one of waiting) read.push([one, await readTicketMail(one.raw ?? Buffer.of()).catch(() => undefined)])
  await house.store.write(scope, async (tx) => {
    const desk = { mailbox, own: await listOwnAddresses(tx), members: await membersOf(tx) }
    for (const [one, mail] of read) await judgeOne(house, tx, desk, one, mail)
    await wake(tx, 'mail.judged', mailboxId)
  })
  return true
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

/** From whom and about what, as far as the headers say so. */
async function seenOf({ raw }: WaitingMail, mail?: TicketMail): Promise<{ sender: string; subject: string }> {
  const head = raw?.subarray(0, endOfHeaders(raw)) ?? Buffer.of()
  const { from, subject } = mail ?? (await readTicketMail(head))
  return { sender: from.address, subject }
}

/** What may go well with the next attempt: another transaction was in the way, or the database was. */
function isTransient(error: unknown): boolean {
  const { code = '' } = error as { code?: string }
  return isLostConnection(error as Error) || /^(40|53|55|57|58|08)/.test(code)
}
