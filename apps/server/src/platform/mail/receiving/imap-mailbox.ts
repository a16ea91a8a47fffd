import { setTimeout as sleep } from 'node:timers/promises'
import type { ImapFlow } from 'imapflow'
import type { House } from '../../house.ts'
import { findMailbox, moveMailbox, noteMailbox } from './mailboxes.queries.ts'
import { mostKept, takeIn } from './taking-in.ts'

/** Reads one mailbox for as long as it is open. */
export type MailboxReader = {
  /** Reads what is there now, over a connection of its own. @throws as the server or the connection says */
  readOnce(): Promise<void>
  start(): void
  stop(): Promise<void>
}

const pollMs = 60_000
/** Of a mailbox that has not been read before only what could still be about a mail that waits for an answer. */
const firstDays = 30
const longestPauseMs = 300_000
const longestError = 300

/** How a mailbox is called where its state is kept and shown: without its password. */
export function mailboxName(imapUrl: string): string {
  const url = new URL(imapUrl)
  return `${decodeURIComponent(url.username)}@${url.host}/${folderOf(url)}`
}

function folderOf(url: URL): string {
  return decodeURIComponent(url.pathname.replace(/^\//, '')) || 'INBOX'
}

/**
 * Takes in each message of a mailbox once, by its UID and never by whether somebody has read it, and leaves it there.
 * New ones are told of by the server (IDLE); it is asked each minute besides.
 */
export function openMailbox(house: House, imapUrl: string): MailboxReader {
  const name = mailboxName(imapUrl)
  const stopping = new AbortController()
  const { signal } = stopping
  let loop: Promise<void> | undefined
  const note = (error: string | null) => noteMailbox(house.store, name, house.clock.now(), error)
  const session = async (stay: boolean) => {
    const client = await clientOf(imapUrl)
    if (signal.aborted) return
    const leave = () => client.close()
    signal.addEventListener('abort', leave)
    try {
      await client.connect()
      await client.mailboxOpen(folderOf(new URL(imapUrl)), { readOnly: true })
      do {
        await readNew(house, client, name)
        await note(null)
      } while (stay && !signal.aborted && (await waitForMore(client, signal)))
      if (!signal.aborted) await client.logout()
    } finally {
      signal.removeEventListener('abort', leave)
      client.close()
    }
  }
  const goOn = async () => {
    for (let failures = 0; !signal.aborted;) {
      try {
        await session(true)
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        failures++
        const reason = reasonOf(error)
        house.log.warn({ reason, mailbox: name }, 'the mailbox of returned mail cannot be read')
        await note(reason).catch(() => undefined)
        await sleep(pauseAfter(failures), undefined, { signal }).catch(() => undefined)
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

async function clientOf(imapUrl: string): Promise<ImapFlow> {
  // Most installations read no mailbox, and need not hold its library in memory.
  const { ImapFlow: Client } = await import('imapflow')
  const url = new URL(imapUrl)
  const secure = url.protocol === 'imaps:'
  const client = new Client({
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (secure ? 993 : 143),
    secure,
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
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

async function readNew(house: House, client: ImapFlow, name: string): Promise<void> {
  const mailbox = client.mailbox
  if (!mailbox) throw new Error('the folder cannot be opened')
  const known = await findMailbox(house.store, name)
  const validity = Number(mailbox.uidValidity)
  const same = known?.uidValidity === validity
  const uids = same ? await uidsAfter(client, known.lastUid) : await firstUids(house, client)
  for (const uid of uids.toSorted((a, b) => a - b)) {
    const message = await client.fetchOne(String(uid), { source: { maxLength: mostKept }, size: true }, { uid: true })
    // It may have been deleted meanwhile.
    const taken = message && message.source && (await takeIn(house, message.source, message.size))
    if (taken === 'no_workspace') throw new Error('there is no workspace yet')
    // It stays in the mailbox; whoever floods it holds up no bounce behind it.
    if (taken === 'too_many') house.log.warn({ mailbox: name, uid }, 'a message about no mail was passed over')
    await moveMailbox(house.store, name, validity, uid)
  }
  if (!same && uids.length === 0)
    await moveMailbox(house.store, name, validity, Math.max(0, (mailbox.uidNext ?? 1) - 1))
}

async function uidsAfter(client: ImapFlow, last: number): Promise<number[]> {
  const found = await client.search({ uid: `${last + 1}:*` }, { uid: true })
  // `n:*` names the last message even when its number is below n.
  return (found || []).filter((uid) => uid > last)
}

async function firstUids({ clock }: House, client: ImapFlow): Promise<number[]> {
  const since = new Date(clock.now().getTime() - firstDays * 86_400_000)
  return (await client.search({ since }, { uid: true })) || []
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

function pauseAfter(failures: number): number {
  return Math.min(longestPauseMs, 1_000 * 2 ** Math.min(failures, 10))
}

/** What went wrong, for people: servers say it in `responseText`. */
function reasonOf(error: unknown): string {
  const { message, responseText, code } = error as Error & { responseText?: string; code?: string }
  const said = responseText ?? message
  return (code === undefined || said.includes(code) ? said : `${said} ${code}`)
    .replaceAll(/\s+/g, ' ')
    .slice(0, longestError)
}
