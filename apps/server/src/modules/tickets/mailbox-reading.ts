import { setTimeout as sleep } from 'node:timers/promises'
import { retractAbout } from '#notices'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { openImapReader, type ImapKeeper, type MailboxReader } from '#platform/mail/receiving/imap-reader.ts'
import type { MailTaker } from '#platform/mail/receiving/takers.ts'
import { system, type Scope, type Tx } from '#platform/store.ts'
import { listKnownUids } from './incoming.queries.ts'
import { imapAccount } from './mailbox-trying.ts'
import { keepRefreshToken } from './mailboxes.ts'
import {
  findMailboxOfAddress,
  findMailboxRow,
  listMailboxesToRead,
  moveMailbox,
  noteFailure,
  noteRead,
  type MailboxToRead,
  type ReadMailbox,
} from './mailboxes.queries.ts'
import { withoutToken } from './reply-tokens.ts'
import { judgeLeftOver, mostBytes, takeMailIn } from './taking-mail-in.ts'

const lookEveryMs = 5_000
/** How often all of a folder is compared with the ledger. */
const compareEveryMs = 3_600_000

/** Reads every mailbox that has a server, also those that are added or changed meanwhile, until it is stopped. */
export function readMailboxes(house: House): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const { signal } = stopping
  const open = new Map<string, MailboxReader>()
  const keyOf = ({ id, settings }: MailboxToRead) => `${id} ${settings}`
  const look = async () => {
    const wanted = await listMailboxesToRead(house.store)
    const keys = new Set(wanted.map(keyOf))
    for (const [key, reader] of open) if (!keys.has(key) && open.delete(key)) await reader.stop()
    for (const one of wanted) {
      if (open.has(keyOf(one)) || signal.aborted) continue
      const reader = await openMailboxReader(house, one)
      if (!reader) continue
      open.set(keyOf(one), reader)
      reader.start()
    }
  }
  const goOn = async () => {
    while (!signal.aborted) {
      await look().catch((error: unknown) => house.log.warn({ err: error }, 'the mailboxes were not looked for'))
      await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined)
    }
    await Promise.all([...open.values()].map((reader) => reader.stop()))
  }
  const loop = goOn()
  return {
    async stop() {
      stopping.abort()
      await loop
    },
  }
}

/** What reads one mailbox; undefined when it is not there any more. */
export async function openMailboxReader(
  house: House,
  { workspaceId, id }: Pick<MailboxToRead, 'workspaceId' | 'id'>,
): Promise<MailboxReader | undefined> {
  const scope = { workspaceId, actor: system }
  const row = await house.store.read(scope, (db) => findMailboxRow(db, id))
  if (!row?.imap) return undefined
  return openImapReader(
    imapAccount(row.imap, () => house.clock.now(), keepRefreshToken(house.store, scope)),
    keeperOf(house, scope, row),
  )
}

/** The ledger remembers what was taken: what it does not know is fetched, wherever in the folder that is. */
function keeperOf({ store, clock, log }: House, scope: Scope, mailbox: ReadMailbox): ImapKeeper {
  const { id, place } = mailbox
  let comparedAt = 0
  const noteWell = async (tx: Tx, seen?: { server: number; missing: number }) => {
    if (await noteRead(tx, mailbox, seen)) await retractAbout(tx, 'mailbox_failing', id)
  }
  const known = (uidValidity: number) => store.read(scope, (db) => listKnownUids(db, id, { place, uidValidity }))
  return {
    mostBytes,
    async wanted({ uidValidity, search }, first) {
      const row = await store.read(scope, (db) => findMailboxRow(db, id))
      const moved = row?.uid_validity !== uidValidity
      if (first || moved || clock.now().getTime() - comparedAt > compareEveryMs) {
        comparedAt = 0
        const there = await known(uidValidity)
        return (await search({ all: true })).filter((uid) => !there.has(uid))
      }
      // `n:*` names the last message even when its number is below n.
      return (await search({ uid: `${row.last_uid + 1}:*` })).filter((uid) => uid > row.last_uid)
    },
    async take(messages, { uidValidity }) {
      const arrivals = messages.map(({ receivedAt = clock.now(), uid, ...message }) => ({
        ...message,
        at: { place, uidValidity, uid },
        receivedAt,
      }))
      await store.write(scope, async (tx) => {
        const lastUid = Math.max(...messages.map(({ uid }) => uid))
        if (!(await moveMailbox(tx, mailbox, uidValidity, lastUid))) throw new Error('the mailbox is elsewhere now')
        await takeMailIn(tx, id, arrivals)
      })
    },
    async finish({ uidValidity, search }) {
      if (comparedAt !== 0) return
      const all = await search({ all: true })
      const there = await known(uidValidity)
      const missing = all.filter((uid) => !there.has(uid)).length
      await store.write(scope, async (tx) => {
        await noteWell(tx, { server: all.length, missing })
        await judgeLeftOver(tx, id)
        if (missing > 0) await emit(tx, { type: 'mailbox.failing', subjectId: id, data: { reason: 'counts' } })
      })
      comparedAt = clock.now().getTime()
    },
    async note(error) {
      await store.write(scope, async (tx) => {
        if (error === null) return noteWell(tx)
        log.warn({ reason: error, mailboxId: id }, 'a mailbox cannot be read')
        // Told once an outage, however often it is tried.
        if (!(await noteFailure(tx, mailbox, error))) return
        await emit(tx, { type: 'mailbox.failing', subjectId: id, data: { reason: 'failing' } })
      })
    },
  }
}

/** What the built-in receiver gets for an address or alias of a mailbox, with a token or without. */
export const mailboxTaker: MailTaker = {
  async find({ store, clock }, address) {
    const found = await findMailboxOfAddress(store, withoutToken(address))
    if (!found) return undefined
    const scope = { workspaceId: found.workspaceId, actor: system }
    return {
      take: (raw) =>
        store.write(scope, async (tx) => void (await takeMailIn(tx, found.id, [{ raw, receivedAt: clock.now() }]))),
    }
  },
}
