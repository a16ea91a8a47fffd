import { createHash } from 'node:crypto'
import { wake } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { enqueue } from '#platform/jobs.ts'
import type { Tx } from '#platform/store.ts'
import { endOfHeaders } from './charsets.ts'
import {
  findOriginal,
  insertFile,
  insertIncoming,
  isKnownUid,
  updateRawFile,
  type Whereabouts,
} from './incoming.queries.ts'

/** So large a message is kept and read; of larger ones the beginning is kept, and they are set aside. In bytes. */
export const mostBytes = 25 * 1024 * 1024
const beginning = 1024 * 1024

/** A message that a server, the receiver or a file has. */
export type Arrival = {
  raw: Buffer
  /** Of all of it, when `raw` is only its beginning. */
  size?: number
  /** Where it lies on a server. */
  at?: Whereabouts
  receivedAt: Date
}

export const judgeTaskName = 'judge_incoming_mail'

/**
 * Writes messages into the ledger with all that they are, and has them judged after the commit. Each that is there
 * already is there once; what has come before by another way is a repeat.
 * @returns how many were new
 */
export async function takeMailIn(tx: Tx, mailboxId: string, arrivals: readonly Arrival[]): Promise<number> {
  let taken = 0
  for (const arrival of arrivals) if (await takeOne(tx, mailboxId, arrival)) taken++
  if (taken === 0) return 0
  await enqueue(tx, judgeTaskName, { mailboxId }, `${judgeTaskName}:${mailboxId}`)
  await wake(tx, 'mail.incoming', mailboxId)
  return taken
}

/** @returns whether it has to be judged */
async function takeOne(tx: Tx, mailboxId: string, arrival: Arrival): Promise<boolean> {
  const { at, raw, receivedAt, size = raw.length } = arrival
  if (at && (await isKnownUid(tx, mailboxId, at))) return false
  const kept = size > mostBytes ? raw.subarray(0, beginning) : raw
  const mail = { mailboxId, ...at, fingerprint: fingerprintOf(raw), raw: kept, size, receivedAt }
  // Whoever took it in just now has committed when the second turn finds it.
  for (let turn = 0; turn < 2; turn++) {
    const original = await findOriginal(tx, mail)
    const rawFileId = original?.same ? original.raw_file_id : null
    const id = uuidv7(tx.now.getTime())
    if (!(await insertIncoming(tx, id, mail, rawFileId, original !== undefined))) continue
    if (rawFileId === null) await keepRaw(tx, id, kept)
    return original === undefined
  }
  return false
}

async function keepRaw(tx: Tx, id: string, content: Buffer): Promise<void> {
  const fileId = await insertFile(tx, { name: `${id}.eml`, mediaType: 'message/rfc822', content })
  await updateRawFile(tx, id, fileId)
}

/**
 * What stays the same in every copy of a message: its Message-ID, with From, Date and Subject, as some programs give
 * all their mails one id; without an id, all of it but what receivers put above.
 */
function fingerprintOf(raw: Buffer): Buffer {
  const head = raw
    .subarray(0, endOfHeaders(raw))
    .toString('latin1')
    .replaceAll(/\r?\n[ \t]+/g, ' ')
  const valueOf = (name: string) =>
    (new RegExp(`^${name}:(.*)$`, 'im').exec(head)?.[1] ?? '').replaceAll(/\s+/g, ' ').trim()
  const hash = createHash('sha256')
  const [id, ...others] = ['message-id', 'from', 'date', 'subject'].map(valueOf)
  if (id !== '' && id !== '<>') return hash.update(JSON.stringify([id, ...others])).digest()
  const start = /^(?:(?:return-path|delivered-to|x-original-to|received):.*\r?\n(?:[ \t].*\r?\n)*)*/i.exec(
    raw.subarray(0, 65_536).toString('latin1'),
  )
  return hash.update(raw.subarray(start?.[0].length ?? 0)).digest()
}
