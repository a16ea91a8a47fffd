import { wake } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { enqueue, type Task } from '#platform/jobs.ts'
import { Problem } from '#platform/problem.ts'
import { isLostConnection } from '#platform/problems.ts'
import type { Scope, Tx } from '#platform/store.ts'
import { endOfHeaders } from './charsets.ts'
import {
  findIncoming,
  listWaiting,
  lockWaiting,
  mostTries,
  notGiven,
  updateJudged,
  updateTries,
  updateWaiting,
  type Judged,
  type WaitingMail,
} from './incoming.queries.ts'
import { findMailboxRow } from './mailboxes.queries.ts'
import type { TicketMail } from './reading-mail.ts'
import { deskFor, settleMail, type Settled } from './settling-mail.ts'
import { judgeTaskName } from './taking-mail-in.ts'
import { tellTogether, type Untold } from './telling.ts'

/** Messages that are judged in one transaction: so many, so many bytes. */
const batch = { most: 50, bytes: 8 * 1024 * 1024 }

/**
 * Judges what waits in a mailbox, in the order in which it came, so that an answer finds what it answers. One run of a
 * mailbox at a time: who comes meanwhile has it look once more.
 */
export function judgeIncomingTask(house: House): Task {
  const running = new Map<string, { again: boolean }>()
  return {
    name: judgeTaskName,
    async run(scope, payload, stopping) {
      const mailboxId = String(payload['mailboxId'])
      const other = running.get(mailboxId)
      if (other) {
        other.again = true
        return later(house, scope, mailboxId)
      }
      const own = { again: true }
      running.set(mailboxId, own)
      try {
        while (own.again && !stopping.aborted) {
          own.again = false
          await judgeWaiting(house, scope, mailboxId, stopping)
        }
      } finally {
        running.delete(mailboxId)
      }
      if (!stopping.aborted) return
      await house.store.write(scope, (tx) => enqueue(tx, judgeTaskName, { mailboxId }, `${judgeTaskName}:${mailboxId}`))
    },
  }
}

const laterMs = 60_000

/** The run that judges was given up for this one: would its process die, nothing were left that looks once more. */
async function later({ store }: House, scope: Scope, mailboxId: string): Promise<void> {
  await store.write(scope, async (tx) => {
    const at = new Date(tx.now.getTime() + laterMs)
    await enqueue(tx, judgeTaskName, { mailboxId }, `${judgeTaskName}:${mailboxId}`, at)
  })
}

/**
 * Judges a message that was set aside, or taken for a repeat, once more, whoever has its permission. What its server has
 * not given is asked for within a minute.
 * @throws Problem conflict
 */
export async function judgeOnceMore(tx: Tx, id: string): Promise<void> {
  const mailboxId = await updateWaiting(tx, id)
  if (mailboxId === undefined) throw new Problem('conflict', await whyNot(tx, id))
  await enqueue(tx, judgeTaskName, { mailboxId }, `${judgeTaskName}:${mailboxId}`)
}

async function whyNot(tx: Tx, id: string): Promise<string> {
  const row = await findIncoming(tx, id)
  const isElsewhere = row?.outcome === 'set_aside' && row.reason === notGiven
  return isElsewhere ? 'mailboxes.folder_gone' : 'mailboxes.not_set_aside'
}

type Read = { line: WaitingMail; mail?: TicketMail }

/** While some are written, the next ones are read. */
async function judgeWaiting(house: House, scope: Scope, mailboxId: string, stopping: AbortSignal): Promise<void> {
  const mailbox = await house.store.read(scope, (db) => findMailboxRow(db, mailboxId))
  if (mailbox?.paused_at) return
  const readAfter = (position: number) => readSome(house, scope, mailboxId, position)
  let next: Promise<Read[]> = readAfter(0)
  for (let read = await next; read.length > 0 && !stopping.aborted; read = await next) {
    const { position } = read.at(-1)!.line
    // A mail that may end the process is read when nothing else is at work.
    const ahead = read.every(({ line }) => line.tries === 0)
    if (ahead) next = readAfter(position)
    next.catch(() => undefined)
    try {
      await judgeTogether(house, scope, mailboxId, read)
    } catch (error) {
      await putBack(house, scope, [...read, ...(ahead ? await next.catch(() => []) : [])])
      throw error
    }
    if (!ahead) next = readAfter(position)
  }
  if (stopping.aborted) await putBack(house, scope, await next)
}

/** They could be read, whatever else went wrong. */
async function putBack(house: House, scope: Scope, read: readonly Read[]): Promise<void> {
  const ids = idsOf(read.map(({ line }) => line))
  await house.store.write(scope, (tx) => updateTries(tx, ids, -1)).catch(() => undefined)
}

async function readSome(house: House, scope: Scope, mailboxId: string, after: number): Promise<Read[]> {
  const waiting = await house.store.write(scope, (tx) => beginReading(tx, mailboxId, after))
  return Promise.all(waiting.map(async (line) => ({ line, mail: await readOne(line) })))
}

/** All in one transaction; when one of them cannot be settled each in its own, so that it holds up no other. */
async function judgeTogether(house: House, scope: Scope, mailboxId: string, read: readonly Read[]): Promise<void> {
  try {
    await house.store.write(scope, (tx) => judgeAll(house, tx, mailboxId, read))
  } catch (error) {
    if (isTransient(error)) throw error
    if (read.length === 1) return setAside(house, scope, read[0]!, error)
    for (const one of read) await judgeTogether(house, scope, mailboxId, [one])
  }
}

async function judgeAll(house: House, tx: Tx, mailboxId: string, read: readonly Read[]): Promise<void> {
  const mailbox = await findMailboxRow(tx, mailboxId)
  const still = await lockWaiting(tx, idsOf(read.map(({ line }) => line)))
  const own = read.filter(({ line }) => still.has(line.id))
  if (!mailbox || own.length === 0) return
  const readable = own.flatMap(({ line, mail }) => (mail ? [{ line, mail }] : []))
  const desk = await deskFor(tx, mailbox, readable)
  const judged: Judged[] = []
  const untold: Untold[] = []
  for (const { line, mail } of own) {
    const settled = mail ? await settleMail(house, tx, desk, line, mail) : unreadable
    judged.push({ id: line.id, ...(await seenOf(line, mail)), ...settled.verdict })
    if (settled.untold) untold.push(settled.untold)
  }
  await tellTogether(tx, untold)
  await updateJudged(tx, judged)
  await wake(tx, 'mail.judged', mailboxId)
}

const unreadable: Settled = { verdict: { outcome: 'set_aside', reason: 'unreadable' } }

/** What cannot be settled waits for somebody who asks for it once more. */
async function setAside(house: House, scope: Scope, { line, mail }: Read, error: unknown): Promise<void> {
  house.log.error({ err: error, incomingMailId: line.id }, 'a mail that came in could not be settled')
  const seen = await seenOf(line, mail)
  await house.store.write(scope, (tx) =>
    updateJudged(tx, [{ id: line.id, ...seen, outcome: 'set_aside', reason: 'failed' }]),
  )
}

/** What is read next, counted before it is: a mail may end the process. After one did, each is read alone. */
async function beginReading(tx: Tx, mailboxId: string, after: number): Promise<WaitingMail[]> {
  const waiting = await listWaiting(tx, mailboxId, { ...batch, after })
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
