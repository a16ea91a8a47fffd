import { createHash } from 'node:crypto'
import { wake } from '#platform/events.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { enqueue } from '#platform/jobs.ts'
import type { WithheldMessage } from '#platform/mail/receiving/fetching.ts'
import type { Tx } from '#platform/store.ts'
import { endOfHeaders } from './charsets.ts'
import {
  deleteNotGiven,
  insertFiles,
  insertIncoming,
  listFiled,
  listKnownUids,
  listOriginals,
  listWaiting,
  lockMailboxForMail,
  upsertNotGiven,
  type NewFile,
  type NewIncoming,
  type Original,
  type Whereabouts,
} from './incoming.queries.ts'

/** So large a message is kept and read; of larger ones on a server the beginning is kept, and they are set aside. In bytes. */
export const mostBytes = 25 * 1024 * 1024
const beginning = 1024 * 1024

/** A message that a server, the receiver or a file has. Only a server may have one that is too large. */
export type Arrival = {
  raw: Buffer
  /** Of all of it, when `raw` is only its beginning. */
  size?: number
  /** Where it lies on a server. */
  at?: Whereabouts
  /** A file has it. */
  filed?: boolean
  /** It is over, whenever it came. */
  past?: boolean
  receivedAt: Date
}

export const judgeTaskName = 'judge_incoming_mail'

/**
 * Writes messages into the ledger with all that they are, and has them judged after the commit. Each that is there
 * already is there once; what has come before by another way is a repeat. What a file brings once more, the same in every
 * byte, adds no line: the same file may be read ever so often. Two who take mail into one mailbox do it one after the other.
 * @returns how many were new
 */
export async function takeMailIn(tx: Tx, mailboxId: string, arrivals: readonly Arrival[]): Promise<number> {
  if (!(await lockMailboxForMail(tx, mailboxId))) return 0
  const seen = (await withoutKnown(tx, mailboxId, arrivals)).map(markOf)
  if (seen.length === 0) return 0
  const fingerprints = seen.map(({ fingerprint }) => fingerprint)
  const known = seen.some(({ filed }) => filed) ? await listFiled(tx, mailboxId, fingerprints) : new Set<string>()
  const { lines, files } = linesOf(tx, seen, await listOriginals(tx, mailboxId, fingerprints), known)
  await insertFiles(tx, files)
  await insertIncoming(tx, mailboxId, lines)
  const taken = lines.filter(({ repeats }) => !repeats).length
  if (taken === 0) return 0
  await enqueue(tx, judgeTaskName, { mailboxId }, `${judgeTaskName}:${mailboxId}`)
  await wake(tx, 'mail.incoming', mailboxId)
  return taken
}

/** Sets aside a message of which its server gives nothing but where it lies, so that all that is there is known. */
export async function setNotGivenAside(
  tx: Tx,
  mailboxId: string,
  at: Whereabouts,
  { receivedAt = tx.now, ...message }: Omit<WithheldMessage, 'uid'>,
): Promise<void> {
  await upsertNotGiven(tx, mailboxId, at, { ...message, receivedAt, id: uuidv7(tx.now.getTime()) })
  await wake(tx, 'mail.judged', mailboxId)
}

/** Has judged what still waits, whatever has become of the job that should have done it. */
export async function judgeLeftOver(tx: Tx, mailboxId: string): Promise<void> {
  const left = await listWaiting(tx, mailboxId, { most: 1, bytes: 0 })
  if (left.length > 0) await enqueue(tx, judgeTaskName, { mailboxId }, `${judgeTaskName}:${mailboxId}`)
}

/** All arrivals of one call lie in one place, or in none. */
async function withoutKnown(tx: Tx, mailboxId: string, arrivals: readonly Arrival[]): Promise<readonly Arrival[]> {
  const place = arrivals[0]?.at
  if (!place) return arrivals
  const uids = arrivals.flatMap(({ at }) => at?.uid ?? [])
  const known = await listKnownUids(tx, mailboxId, place, uids)
  // Of some of them there was nothing but their place.
  if (known.size > 0) for (const uid of await deleteNotGiven(tx, mailboxId, place, [...known])) known.delete(uid)
  return arrivals.filter(({ at }) => at && !known.has(at.uid))
}

type Marked = Arrival & { kept: Buffer; fingerprint: Buffer }

function markOf(arrival: Arrival): Marked {
  const { raw, size = raw.length } = arrival
  return {
    ...arrival,
    size,
    kept: size > mostBytes ? raw.subarray(0, beginning) : raw,
    fingerprint: fingerprintOf(raw),
  }
}

/** The first of its fingerprint is new; where every byte of a later one is the same, it shares the first one's. */
function linesOf(tx: Tx, seen: readonly Marked[], originals: Map<string, Original>, known: Set<string>) {
  const lines: NewIncoming[] = []
  const files: NewFile[] = []
  for (const { at, filed, kept, size = kept.length, fingerprint, past, receivedAt } of seen) {
    const name = fingerprint.toString('hex')
    const original = originals.get(name)
    const digest = createHash('sha256').update(kept).digest()
    const mark = `${name}:${digest.toString('hex')}`
    if (filed && known.has(mark)) continue
    known.add(mark)
    const id = uuidv7(tx.now.getTime())
    const shared = original?.digest?.equals(digest) ? original.rawFileId : null
    const rawFileId = shared ?? uuidv7(tx.now.getTime())
    if (shared === null) files.push({ id: rawFileId, name: `${id}.eml`, mediaType: 'message/rfc822', content: kept })
    if (!original) originals.set(name, { rawFileId, digest })
    lines.push({ id, ...at, fingerprint, rawFileId, size, repeats: original !== undefined, past, receivedAt })
  }
  return { lines, files }
}

/**
 * What stays the same in every copy of a message: its Message-ID, with From, Date and Subject, as some programs give
 * all their mails one id; without an id or a date, all of it but what receivers put above.
 */
function fingerprintOf(raw: Buffer): Buffer {
  const head = raw
    .subarray(0, endOfHeaders(raw))
    .toString('latin1')
    .replaceAll(/\r?\n[ \t]+/g, ' ')
  const valueOf = (name: string) =>
    (new RegExp(`^${name}:(.*)$`, 'im').exec(head)?.[1] ?? '').replaceAll(/\s+/g, ' ').trim()
  const hash = createHash('sha256')
  const [id, date, ...others] = ['message-id', 'date', 'from', 'subject'].map(valueOf)
  if (id !== '' && id !== '<>' && date !== '') return hash.update(JSON.stringify([id, date, ...others])).digest()
  const start = /^(?:(?:return-path|delivered-to|x-original-to|received):.*\r?\n(?:[ \t].*\r?\n)*)*/i.exec(
    raw.subarray(0, 65_536).toString('latin1'),
  )
  return hash.update(raw.subarray(start?.[0].length ?? 0)).digest()
}
