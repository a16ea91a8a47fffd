import { setTimeout as sleep } from 'node:timers/promises'
import type { House } from '#platform/house.ts'
import { openImapReader, type MailboxReader } from '#platform/mail/receiving/imap-reader.ts'
import type { MailTaker } from '#platform/mail/receiving/takers.ts'
import { system } from '#platform/store.ts'
import { keeperOf } from './mailbox-keeper.ts'
import { imapAccount } from './mailbox-trying.ts'
import { keepRefreshToken } from './mailboxes.ts'
import { findMailboxOfAddress, findMailboxRow, listMailboxesToRead, type MailboxToRead } from './mailboxes.queries.ts'
import { withoutToken } from './reply-tokens.ts'
import { takeMailIn } from './taking-mail-in.ts'

const lookEveryMs = 5_000

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
