import { setTimeout as sleep } from 'node:timers/promises'
import type { ImapFlow } from 'imapflow'
import { isThisMachine } from '../../networks.ts'
import { backOff } from './pausing.ts'

/** A folder of a mail server, and how it is entered. */
export type ImapAccount = {
  host: string
  port: number
  /** TLS from the first byte; else STARTTLS, without which no password leaves this machine. */
  secure: boolean
  user: string
  folder: string
  /** Asked for each connection, because a token lives an hour. */
  secret(): Promise<{ pass: string } | { accessToken: string }>
}

/** One message on the server. */
export type ImapMessage = { uid: number; raw: Buffer; size: number; receivedAt: Date | undefined }

/** A folder that stands open. UIDs mean the same as long as `uidValidity` does. */
export type OpenFolder = {
  readonly uidValidity: number
  readonly uidNext: number
  /** UIDs in ascending order. */
  search(query: { since?: Date; uid?: string; all?: true }): Promise<number[]>
}

/** What becomes of messages, and who remembers how far it got. */
export type ImapKeeper = {
  /** So many bytes of each message are fetched. */
  readonly mostBytes: number
  /** Which messages are to be fetched, in that order. `first`: the connection is new. */
  wanted(folder: OpenFolder, first: boolean): Promise<number[]>
  /** Keeps them, in order, before any later one is asked for. */
  take(messages: readonly ImapMessage[], folder: OpenFolder): Promise<void>
  /** All of it has been taken. */
  finish(folder: OpenFolder): Promise<void>
  /** How it goes: null when it was read to its end, else what went wrong. */
  note(error: string | null): Promise<void>
}

/** Reads one folder for as long as it is open. */
export type MailboxReader = {
  /** Reads what is there now, over a connection of its own. @throws as the server or the connection says */
  readOnce(): Promise<void>
  start(): void
  stop(): Promise<void>
}

const pollMs = 60_000
const longestError = 300
/** Messages that are taken together: so many, or so many bytes. */
const batch = { messages: 100, bytes: 8 * 1024 * 1024 }

/**
 * Takes in each message of a folder by its UID, never by whether somebody has read it, and leaves it there. New ones
 * are told of by the server (IDLE); it is asked each minute besides. A server that is away is found again.
 */
export function openImapReader(account: ImapAccount, keeper: ImapKeeper): MailboxReader {
  const stopping = new AbortController()
  const { signal } = stopping
  let loop: Promise<void> | undefined
  const session = (stay: boolean) =>
    withFolder(account, signal, async (client, folder) => {
      let first = true
      do {
        await readNew(client, folder, keeper, first, signal)
        if (!signal.aborted) await keeper.note(null)
        first = false
      } while (stay && !signal.aborted && (await waitForMore(client, signal)))
    })
  const goOn = async () => {
    for (let failures = 0; !signal.aborted;) {
      try {
        await session(true)
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        failures++
        await keeper.note(reasonOf(error)).catch(() => undefined)
        await sleep(backOff(failures), undefined, { signal }).catch(() => undefined)
      }
    }
  }
  return {
    readOnce: () => session(false),
    start: () => void (loop = goOn()),
    async stop() {
      stopping.abort()
      await loop
    },
  }
}

/** Enters a server and opens its folder, changing nothing. @returns how many messages there are @throws as it says */
export async function tryImap(account: ImapAccount, signal: AbortSignal): Promise<number> {
  let count = 0
  await withFolder(account, signal, async (client) => {
    if (client.mailbox) count = client.mailbox.exists
  })
  return count
}

async function withFolder(
  account: ImapAccount,
  signal: AbortSignal,
  work: (client: ImapFlow, folder: OpenFolder) => Promise<void>,
): Promise<void> {
  const client = await clientOf(account)
  if (signal.aborted) return
  const leave = () => client.close()
  signal.addEventListener('abort', leave)
  try {
    await client.connect()
    await client.mailboxOpen(account.folder, { readOnly: true })
    await work(client, folderOf(client))
    if (!signal.aborted) await client.logout()
  } finally {
    signal.removeEventListener('abort', leave)
    client.close()
  }
}

/** Whoever answers for a server cannot talk us out of TLS. */
export function startTls(host: string, secure: boolean): { doSTARTTLS?: true } {
  return secure || isThisMachine(host) ? {} : { doSTARTTLS: true }
}

async function clientOf({ host, port, secure, user, secret }: ImapAccount): Promise<ImapFlow> {
  // Most installations read no mailbox, and need not hold its library in memory.
  const { ImapFlow: Client } = await import('imapflow')
  const client = new Client({
    host,
    port,
    secure,
    ...startTls(host, secure),
    auth: { user, ...(await secret()) },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: 30_000,
    greetingTimeout: 30_000,
    socketTimeout: 300_000,
  })
  // Whoever waits for a command is told as well; unheard, the event would end the process.
  client.on('error', () => undefined)
  return client
}

function folderOf(client: ImapFlow): OpenFolder {
  const { mailbox } = client
  if (!mailbox) throw new Error('the folder cannot be opened')
  return {
    uidValidity: Number(mailbox.uidValidity),
    uidNext: mailbox.uidNext ?? 1,
    async search(query) {
      const found = await client.search(query, { uid: true })
      return (found || []).toSorted((a, b) => a - b)
    },
  }
}

async function readNew(
  client: ImapFlow,
  folder: OpenFolder,
  keeper: ImapKeeper,
  first: boolean,
  signal: AbortSignal,
): Promise<void> {
  const uids = await keeper.wanted(folder, first)
  let kept: Promise<void> = Promise.resolve()
  try {
    for (let start = 0; start < uids.length && !signal.aborted; start += batch.messages) {
      for (const some of await inBatches(client, uids.slice(start, start + batch.messages))) {
        const messages = await fetchWhatComes(client, some, keeper.mostBytes)
        // While these are kept, the next ones come.
        await kept
        if (messages.length > 0) kept = keeper.take(messages, folder)
        kept.catch(() => undefined)
      }
    }
  } finally {
    await kept
  }
  if (!signal.aborted) await keeper.finish(folder)
}

type Sized = { uid: number; size: number }

/** Cut so that no batch is too large for memory; a large message is one by itself. */
async function inBatches(client: ImapFlow, uids: readonly number[]): Promise<Sized[][]> {
  const sized: Sized[] = []
  for await (const { uid, size } of client.fetch(uids.join(','), { uid: true, size: true }, { uid: true })) {
    sized.push({ uid, size: size ?? 0 })
  }
  const batches: Sized[][] = []
  let bytes = Infinity
  for (const one of sized.toSorted((a, b) => a.uid - b.uid)) {
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
async function fetchWhatComes(client: ImapFlow, sized: readonly Sized[], mostBytes: number): Promise<ImapMessage[]> {
  try {
    return await fetchSome(client, sized, mostBytes)
  } catch (error) {
    if (!client.usable || sized.length === 1) throw error
  }
  const messages: ImapMessage[] = []
  let refused: unknown
  for (const one of sized) {
    await fetchSome(client, [one], mostBytes).then(
      (found) => messages.push(...found),
      (error: unknown) => (refused = error),
    )
    if (!client.usable) throw refused
  }
  if (messages.length === 0) throw refused
  return messages
}

async function fetchSome(client: ImapFlow, sized: readonly Sized[], mostBytes: number): Promise<ImapMessage[]> {
  const messages: ImapMessage[] = []
  const large = sized.some(({ size }) => size > mostBytes)
  const what = { source: large ? { maxLength: mostBytes } : true, internalDate: true, uid: true } as const
  const range = sized.map(({ uid }) => uid).join(',')
  for await (const { uid, source, internalDate } of client.fetch(range, what, { uid: true })) {
    // It may have been deleted meanwhile.
    if (!source) continue
    const size = sized.find((one) => one.uid === uid)?.size ?? 0
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

/** Until the server says that there is more, or a minute has gone. @throws when the connection ends */
async function waitForMore(client: ImapFlow, signal: AbortSignal): Promise<boolean> {
  const waiting = new AbortController()
  const done = AbortSignal.any([waiting.signal, signal])
  const told = () => waiting.abort()
  client.on('exists', told)
  client.on('close', told)
  void client.idle().catch(told)
  await sleep(pollMs, undefined, { signal: done, ref: false }).catch(() => undefined)
  client.off('exists', told)
  client.off('close', told)
  if (!client.usable && !signal.aborted) throw new Error('the server ended the connection')
  return !signal.aborted
}

/** What went wrong, for people: servers say it in `responseText`. */
export function reasonOf(error: unknown): string {
  const { message, responseText, code } = error as Error & { responseText?: string; code?: string }
  const said = responseText ?? message
  return (code === undefined || said.includes(code) ? said : `${said} ${code}`)
    .replaceAll(/\s+/g, ' ')
    .slice(0, longestError)
}
