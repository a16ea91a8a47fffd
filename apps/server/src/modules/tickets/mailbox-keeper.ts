import { retractAbout } from '#notices'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import type { ImapKeeper, OpenFolder, Wanted } from '#platform/mail/receiving/imap-reader.ts'
import type { Scope, Tx } from '#platform/store.ts'
import {
  listAskedAgain,
  listKnownUids,
  updateDueAgain,
  updateGone,
  updateLeftBehind,
  type Whereabouts,
} from './incoming.queries.ts'
import { findMailboxRow, moveMailbox, noteFailure, noteRead, type ReadMailbox } from './mailboxes.queries.ts'
import { judgeLeftOver, mostBytes, setNotGivenAside, takeMailIn } from './taking-mail-in.ts'

/** How often all of a folder is compared with the ledger; while something is missing there, more often. */
const compareEveryMs = 3_600_000
const compareAgainMs = 600_000
/** So many that were not given are asked for once more by themselves at a time: each may cost two connections. */
const mostAgain = 20

/** The ledger remembers what was taken: what it does not know is fetched, wherever in the folder that is. */
export function keeperOf(house: House, scope: Scope, mailbox: ReadMailbox): ImapKeeper {
  const { store, clock, log } = house
  const { id, place } = mailbox
  let compareAt = 0
  /** Of what is being compared the last one: whatever comes after it is on its way. */
  let comparedUpTo: number | undefined
  const wantedOf = wantingOf(house, scope, mailbox)
  return {
    mostBytes,
    async wanted(folder, first) {
      const isDue = first || clock.now().getTime() >= compareAt
      const { all, ...wanted } = await wantedOf(folder, isDue)
      comparedUpTo = all && (all.at(-1) ?? 0)
      return wanted
    },
    async take(messages, { uidValidity }) {
      const arrivals = messages.map(({ receivedAt = clock.now(), uid, ...message }) => ({
        ...message,
        at: { place, uidValidity, uid },
        receivedAt,
      }))
      await store.write(scope, async (tx) => {
        await move(tx, mailbox, uidValidity, Math.max(...messages.map(({ uid }) => uid)))
        await takeMailIn(tx, id, arrivals)
      })
    },
    async passOver({ uid, ...message }, { uidValidity }) {
      log.warn({ reason: message.says, mailboxId: id, uid }, 'a message is not given by its server')
      await store.write(scope, async (tx) => {
        await move(tx, mailbox, uidValidity, uid)
        await setNotGivenAside(tx, id, { place, uidValidity, uid }, message)
      })
    },
    async finish({ uidValidity, search }) {
      if (comparedUpTo === undefined) return
      const last = comparedUpTo
      const all = (await search({ all: true })).filter((uid) => uid <= last)
      const there = await store.read(scope, (db) => listKnownUids(db, id, { place, uidValidity }))
      const missing = all.filter((uid) => !there.has(uid)).length
      await store.write(scope, (tx) => noteCompared(tx, mailbox, { server: all.length, missing }))
      compareAt = clock.now().getTime() + (missing > 0 ? compareAgainMs : compareEveryMs)
    },
    async note(error) {
      await store.write(scope, async (tx) => {
        if (error === null) return void (await noteWell(tx, mailbox))
        log.warn({ reason: error, mailboxId: id }, 'a mailbox cannot be read')
        // Told once an outage, however often it is tried.
        if (!(await noteFailure(tx, mailbox, error))) return
        await emit(tx, { type: 'mailbox.failing', subjectId: id, data: { reason: 'failing' } })
      })
    },
  }
}

/** What is to be fetched: all that the ledger does not know, or what is new; and what is asked for once more. */
function wantingOf(house: House, scope: Scope, { id, place }: ReadMailbox) {
  const { store } = house
  return async ({ uidValidity, search }: OpenFolder, isDue: boolean): Promise<Wanted & { all?: number[] }> => {
    const at = { place, uidValidity }
    const row = await store.read(scope, (db) => findMailboxRow(db, id))
    await store.write(scope, (tx) => updateDueAgain(tx, id, mostAgain))
    const again = await askedAgain(house, scope, id, at, search)
    if (isDue || row?.uid_validity !== uidValidity) {
      const there = await store.read(scope, (db) => listKnownUids(db, id, at))
      const all = await search({ all: true })
      return { all, uids: all.filter((uid) => !there.has(uid)), again: [...again] }
    }
    // `n:*` names the last message even when its number is below n.
    const found = await search({ uid: `${row.last_uid + 1}:*` })
    return { uids: found.filter((uid) => uid > row.last_uid && !again.has(uid)), again: [...again] }
  }
}

/** What is asked for once more and is there; what is not waits no longer. */
async function askedAgain(
  { store }: House,
  scope: Scope,
  id: string,
  at: Omit<Whereabouts, 'uid'>,
  search: OpenFolder['search'],
): Promise<Set<number>> {
  const asked = await store.read(scope, (db) => listAskedAgain(db, id, at))
  if (asked.some(({ here }) => !here)) await store.write(scope, (tx) => updateLeftBehind(tx, id, at))
  const uids = asked.flatMap(({ uid, here }) => (here ? uid : []))
  const again = new Set(uids.length === 0 ? [] : await search({ uid: uids.join(',') }))
  const gone = uids.filter((uid) => !again.has(uid))
  if (gone.length > 0) await store.write(scope, (tx) => updateGone(tx, id, at, gone))
  return again
}

/** @throws when the mailbox was pointed elsewhere meanwhile */
async function move(tx: Tx, mailbox: ReadMailbox, uidValidity: number, lastUid: number): Promise<void> {
  if (!(await moveMailbox(tx, mailbox, uidValidity, lastUid))) throw new Error('the mailbox is elsewhere now')
}

type Seen = { server: number; missing: number }

async function noteCompared(tx: Tx, mailbox: ReadMailbox, seen: Seen): Promise<void> {
  const { lacks } = await noteWell(tx, mailbox, seen)
  await judgeLeftOver(tx, mailbox.id)
  if (lacks) await emit(tx, { type: 'mailbox.failing', subjectId: mailbox.id, data: { reason: 'counts' } })
}

async function noteWell(tx: Tx, mailbox: ReadMailbox, seen?: Seen): Promise<{ lacks: boolean }> {
  const { mended, lacks } = await noteRead(tx, mailbox, seen)
  if (mended) await retractAbout(tx, 'mailbox_failing', mailbox.id)
  return { lacks }
}
