import type { ImapFlow } from 'imapflow'
import { oneLine } from './reading.ts'

/** One message on the server. */
export type ImapMessage = { uid: number; raw: Buffer; size: number; receivedAt: Date | undefined }

/** A message that a server does not give, with what it says of it all the same. */
export type WithheldMessage = {
  uid: number
  size: number
  receivedAt: Date | undefined
  sender: string
  subject: string
  /** What the server, or the connection, said instead. */
  says: string
}

type Described = Omit<WithheldMessage, 'says'>
type Doubt = { message: Described; ended: number; refused: number; says: string }
/**
 * Messages that did not come when they were asked for, by their UIDs, and how that went when each was asked for alone.
 * They outlive a connection.
 */
export type Doubts = Map<number, Doubt>

/** Messages that are fetched together: so many, or so many bytes. */
const batch = { messages: 100, bytes: 8 * 1024 * 1024 }
/** Asked for alone so often, a message is given up: the second time over a fresh connection. */
const mostEnded = 2
/** A server that refuses may be in trouble for some minutes: so long it takes to be refused so often. */
const mostRefused = 8

/**
 * Fetches messages in parts, in their order. One that the server cannot give is left out, and doubted; so is everything
 * that was asked for together when the connection ended.
 * @param mostBytes so much of each message is fetched
 * @throws as the server or the connection says
 */
export async function* fetchInParts(
  client: ImapFlow,
  uids: readonly number[],
  mostBytes: number,
  doubts: Doubts,
): AsyncGenerator<ImapMessage[]> {
  let came = 0
  let refused: unknown
  const unlessRefused = (error: unknown) => {
    if (!client.usable) throw error
    refused = error
    return []
  }
  for (const part of partsOf(uids, doubts)) {
    const unknown = part.map(nameless)
    const asked = doubting(client, unknown, doubts, () => whatComes(client, unknown, doubts, describe))
    for (const some of batchesOf(await (part.length === 1 ? asked.catch(unlessRefused) : asked))) {
      const given = doubting(client, some, doubts, () => whatComes(client, some, doubts, fetchSome(mostBytes)))
      const messages = await (some.length === 1 ? given.catch(unlessRefused) : given)
      for (const { uid } of messages) doubts.delete(uid)
      came += messages.length
      if (messages.length > 0) yield messages
    }
  }
  // Whoever refuses everything is in trouble, and no message of theirs is.
  if (came === 0 && refused !== undefined) throw refused
}

/** Those that were asked for often enough. */
export function withheldAmong(doubts: Doubts): WithheldMessage[] {
  const hopeless = [...doubts.values()].filter(({ ended, refused }) => ended >= mostEnded || refused >= mostRefused)
  return hopeless.map(({ message, says }) => ({ ...message, says }))
}

/** Has each of these asked for alone: what was withheld once may take the others with it. */
export function doubtAll(uids: readonly number[], doubts: Doubts): void {
  for (const uid of uids) knownDoubt(nameless(uid), doubts)
}

/** Each that is doubted by itself, the others together. */
function* partsOf(uids: readonly number[], doubts: Doubts): Generator<number[]> {
  let part: number[] = []
  for (const uid of uids) {
    const alone = doubts.has(uid)
    if ((alone || part.length >= batch.messages) && part.length > 0) {
      yield part
      part = []
    }
    if (alone) yield [uid]
    else part.push(uid)
  }
  if (part.length > 0) yield part
}

/** Doubts all that was asked for when the connection ended, and what was refused alone. */
async function doubting<T>(
  client: ImapFlow,
  asked: readonly Described[],
  doubts: Doubts,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (asked.length === 1) doubt(client, asked[0]!, doubts, error)
    else if (!client.usable) for (const message of asked) knownDoubt(message, doubts)
    throw error
  }
}

function doubt(client: ImapFlow, message: Described, doubts: Doubts, error: unknown): void {
  const known = knownDoubt(message, doubts)
  const { code } = error as { code?: string }
  known.says = code === 'NoConnection' ? 'the server ended the connection' : reasonOf(error)
  if (client.usable) known.refused++
  else known.ended++
}

function knownDoubt(message: Described, doubts: Doubts): Doubt {
  const known = doubts.get(message.uid) ?? { message, ended: 0, refused: 0, says: '' }
  if (message.size > 0) known.message = message
  doubts.set(message.uid, known)
  return known
}

function nameless(uid: number): Described {
  return { uid, size: 0, receivedAt: undefined, sender: '', subject: '' }
}

/** How large they are. Of one that is asked for alone also who wrote it, which is all that may be known of it. */
async function describe(client: ImapFlow, asked: readonly Described[]): Promise<Described[]> {
  const described: Described[] = []
  const what = { uid: true, size: true, ...(asked.length === 1 && { envelope: true, internalDate: true }) }
  const range = rangeOf(asked)
  for await (const { uid, size = 0, envelope, internalDate } of client.fetch(range, what, { uid: true })) {
    // Decoded, they may hold what no header does: a database refuses NUL.
    const sender = oneLine(envelope?.from?.[0]?.address ?? '')
    const subject = oneLine(envelope?.subject ?? '')
    described.push({ uid, size, receivedAt: dateOf(internalDate), sender, subject })
  }
  return described.toSorted((a, b) => a.uid - b.uid)
}

/** Cut so that no batch is too large for memory; a large message is one by itself. */
function batchesOf(described: readonly Described[]): Described[][] {
  const batches: Described[][] = []
  let bytes = Infinity
  for (const one of described) {
    if (bytes + one.size > batch.bytes) {
      batches.push([])
      bytes = 0
    }
    batches.at(-1)!.push(one)
    bytes += one.size
  }
  return batches
}

/** One that the server cannot give holds up no other: it is left out, and missing where all of it is compared. */
async function whatComes<T>(
  client: ImapFlow,
  asked: readonly Described[],
  doubts: Doubts,
  ask: (client: ImapFlow, asked: readonly Described[]) => Promise<T[]>,
): Promise<T[]> {
  try {
    return await ask(client, asked)
  } catch (error) {
    if (!client.usable || asked.length === 1) throw error
  }
  const came: T[] = []
  let refused: unknown
  for (const one of asked) {
    await ask(client, [one]).then(
      (found) => came.push(...found),
      (error: unknown) => {
        doubt(client, one, doubts, error)
        refused = error
      },
    )
    if (!client.usable) throw refused
  }
  if (came.length === 0) throw refused
  return came
}

function rangeOf(asked: readonly Described[]): string {
  return asked.map(({ uid }) => uid).join(',')
}

const fetchSome = (mostBytes: number) => async (client: ImapFlow, asked: readonly Described[]) => {
  const messages: ImapMessage[] = []
  const large = asked.some(({ size }) => size > mostBytes)
  const what = { source: large ? { maxLength: mostBytes } : true, internalDate: true, uid: true } as const
  for await (const { uid, source, internalDate } of client.fetch(rangeOf(asked), what, { uid: true })) {
    // It may have been deleted meanwhile.
    if (!source) continue
    const size = asked.find((one) => one.uid === uid)?.size ?? 0
    // Some servers answer with nothing what they cannot read just now.
    if (source.length === 0 && size > 0) throw new Error(`the server gave nothing of message ${uid}`)
    messages.push({ uid, raw: source, size: Math.max(size, source.length), receivedAt: dateOf(internalDate) })
  }
  return messages.toSorted((a, b) => a.uid - b.uid)
}

function dateOf(given: Date | string | undefined): Date | undefined {
  const at = given === undefined ? undefined : new Date(given)
  return at && Number.isFinite(at.getTime()) ? at : undefined
}

const longestError = 300

/** What went wrong, for people: servers say it in `responseText`. */
export function reasonOf(error: unknown): string {
  const { message, responseText, code } = error as Error & { responseText?: string; code?: string }
  const said = responseText ?? message
  return oneLine(code === undefined || said.includes(code) ? said : `${said} ${code}`)
    .replaceAll(/\s+/g, ' ')
    .slice(0, longestError)
    .toWellFormed()
}
