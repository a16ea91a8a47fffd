import { setTimeout as sleep } from 'node:timers/promises'
import type { ImapFlow } from 'imapflow'
import {
  doubtAll,
  fetchInParts,
  reasonOf,
  withheldAmong,
  type Doubts,
  type ImapMessage,
  type WithheldMessage,
} from './fetching.ts'
import { startTls, withSecret, type ImapAccount, type ImapSecret } from './imap-entry.ts'
import { backOff } from './pausing.ts'

/** A folder that stands open. UIDs mean the same as long as `uidValidity` does. */
export type OpenFolder = {
  readonly uidValidity: number
  readonly uidNext: number
  /** UIDs in ascending order. */
  search(query: { since?: Date; uid?: string; all?: true }): Promise<number[]>
}

/** `again`: those that were passed over before; whatever becomes of them, the others have come. */
export type Wanted = { uids: readonly number[]; again?: readonly number[] }

/** What becomes of messages, and who remembers how far it got. */
export type ImapKeeper = {
  /** So many bytes of each message are fetched. */
  readonly mostBytes: number
  /** Which messages are to be fetched, in that order. `first`: the connection is new. */
  wanted(folder: OpenFolder, first: boolean): Promise<Wanted>
  /** Keeps them, in order, before any later one is asked for. */
  take(messages: readonly ImapMessage[], folder: OpenFolder): Promise<void>
  /** Goes on without one that the server has not given, however often it was asked: it is not wanted any more. */
  passOver(message: WithheldMessage, folder: OpenFolder): Promise<void>
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

/** All that is new was read, and then the server has ended the connection, as many do after a while. */
class Dismissed extends Error {}

/**
 * Takes in each message of a folder by its UID, never by whether somebody has read it, and leaves it there. New ones
 * are told of by the server (IDLE); it is asked each minute besides. A server that is away is found again.
 */
export function openImapReader(account: ImapAccount, keeper: ImapKeeper): MailboxReader {
  const stopping = new AbortController()
  const { signal } = stopping
  const readNew = readerOf(keeper, signal)
  let loop: Promise<void> | undefined
  const session = (stay: boolean) =>
    withFolder(account, signal, async (client, folder) => {
      let first = true
      let known: number
      do {
        known = countIn(client)
        await readNew(client, folder, first)
        if (!signal.aborted) await keeper.note(null)
        first = false
        // What the server told of meanwhile it tells no more.
      } while (stay && !signal.aborted && (countIn(client) > known || (await waitForMore(client, signal))))
    })
  const goOn = async () => {
    for (let failures = 0; !signal.aborted;) {
      const begun = performance.now()
      try {
        await session(true)
      } catch (error) {
        if (signal.aborted) return
        failures = performance.now() - begun > pollMs ? 1 : failures + 1
        if (!(error instanceof Dismissed)) await keeper.note(reasonOf(error)).catch(() => undefined)
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
    count = countIn(client)
  })
  return count
}

function countIn({ mailbox }: ImapFlow): number {
  return mailbox ? mailbox.exists : 0
}

function withFolder(
  account: ImapAccount,
  signal: AbortSignal,
  work: (client: ImapFlow, folder: OpenFolder) => Promise<void>,
): Promise<void> {
  return withSecret(account, async (secret) => {
    const client = await clientOf(account, secret)
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
  })
}

async function clientOf({ host, port, secure, user }: ImapAccount, secret: ImapSecret): Promise<ImapFlow> {
  // Most installations read no mailbox, and need not hold its library in memory.
  const { ImapFlow: Client } = await import('imapflow')
  const client = new Client({
    host,
    port,
    secure,
    ...startTls(host, secure),
    auth: { user, ...secret },
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

/** What is doubted of messages is known from one connection to the next. */
function readerOf(keeper: ImapKeeper, signal: AbortSignal) {
  const doubts: Doubts = new Map()
  let numberedBy: number | undefined
  const passOverWithheld = async (folder: OpenFolder) => {
    for (const message of withheldAmong(doubts)) {
      await keeper.passOver(message, folder)
      doubts.delete(message.uid)
    }
  }
  const takeAll = async (client: ImapFlow, folder: OpenFolder, uids: readonly number[]) => {
    let kept: Promise<void> = Promise.resolve()
    try {
      for await (const messages of fetchInParts(client, uids, keeper.mostBytes, doubts)) {
        // While these are kept, the next ones come.
        await kept
        if (signal.aborted) return
        kept = keeper.take(messages, folder)
        kept.catch(() => undefined)
      }
    } finally {
      await kept
      if (!signal.aborted) await passOverWithheld(folder)
    }
  }
  return async (client: ImapFlow, folder: OpenFolder, first: boolean): Promise<void> => {
    if (numberedBy !== folder.uidValidity) doubts.clear()
    numberedBy = folder.uidValidity
    const { uids, again = [] } = await keeper.wanted(folder, first)
    await takeAll(client, folder, uids)
    if (!signal.aborted) await keeper.finish(folder)
    doubtAll(again, doubts)
    await takeAll(client, folder, again).catch((error: unknown) => {
      throw new Dismissed(reasonOf(error))
    })
  }
}

/**
 * Until the server says that there is more, or a minute has gone.
 * @throws {Dismissed} when the server ends the connection
 */
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
  if (!client.usable && !signal.aborted) throw new Dismissed('the server ended the connection')
  return !signal.aborted
}
