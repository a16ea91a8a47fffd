import type pg from 'pg'
import type { DueKind } from '../due.ts'
import type { House } from '../house.ts'
import { wake } from '../events.ts'
import { system, type Scope, type Tx } from '../store.ts'
import { tokensBy, type FindToken } from './access-tokens.ts'
import { nextAttempt } from './backing-off.ts'
import { kindOfMail } from './kinds.ts'
import { giveLifeSign, type LifeSign } from './life-sign.ts'
import type { Outfit } from './letters.ts'
import {
  claimMail,
  findOrphans,
  giveUpClaims,
  insertRest,
  narrowLetter,
  settleMail,
  type ClaimedMail,
  type MailQueue,
} from './mails.queries.ts'
import { createPace, type Pace } from './pace.ts'
import { openTransport, type Delivery, type Transport } from './transport.ts'

/** What a process does with the outbox. */
export type Sender = {
  /** Sends what is due; only letters with a server of their own when there is no other. */
  readonly due: readonly DueKind[]
  /** Calls uncertain what a dead process had in its hands. @returns how many mails there were */
  sweep(): Promise<number>
  close(): Promise<void>
}

type Attempt = { scope: Scope; mail: ClaimedMail; delivery: Delivery }
type Desk = {
  house: House
  transport: Transport
  life: LifeSign
  /** Letters do not stand behind a thousand mails to the same domain. */
  paces: Record<'paced' | 'letters', Pace>
  unsettled: Attempt[]
}

/** So many mails of one workspace before the next one has its turn. */
const slice = 500
/** So many mails that are not wanted are settled in one transaction. */
const mostUnwanted = 100
/** Letters of others wait for a slow server that is not theirs no longer than this. */
const longestTurnMs = 20_000
const sweepEveryMs = 30_000

/**
 * One mail is claimed just before it is sent, in a transaction of its own that also writes what became of the one
 * before. So whatever was in flight when a process died is known: no more than it had connections, and one urgent one.
 * @param connection of the application's role
 */
export async function openSender(house: House, connection: pg.ClientConfig): Promise<Sender> {
  const transport = openTransport(house.config.mail)
  const life = await giveLifeSign(connection)
  const { connections, perMinute } = house.config.mail
  const unsettled: Attempt[] = []
  const sweep = () => sweepAll(house, life, unsettled)
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => house.log.warn({ err: error }, 'mails of dead processes were not looked for'))
  }, sweepEveryMs)
  timer.unref()
  const paces = { paced: createPace(perMinute, house.clock), letters: createPace(perMinute, house.clock) }
  const desk: Desk = { house, transport, life, paces, unsettled }
  const sent: DueKind[] = [
    { name: 'urgent_mails', work: (scope, stopping) => sendInTurn(desk, 'urgent', scope, slice, stopping) },
    { name: 'mails', work: (scope, stopping) => sendDue(desk, 'paced', scope, connections, stopping) },
  ]
  const letters: DueKind = {
    name: 'letters',
    work: (scope, stopping) => sendDue(desk, 'letters', scope, connections, stopping),
  }
  return {
    due: [...(transport.ready ? sent : []), letters],
    sweep,
    async close() {
      clearInterval(timer)
      transport.close()
      await life.end()
    },
  }
}

/** As many at a time as there are connections. */
async function sendDue(
  desk: Desk,
  lane: Exclude<Lane, 'urgent'>,
  scope: Scope,
  connections: number,
  stopping: AbortSignal,
): Promise<boolean> {
  const lanes = Array.from({ length: connections }, () => sendInTurn(desk, lane, scope, slice / connections, stopping))
  const done = await Promise.all(lanes)
  return done.some((sent) => sent)
}

type Lane = 'urgent' | 'paced' | 'letters'

async function sendInTurn(desk: Desk, lane: Lane, scope: Scope, most: number, stopping: AbortSignal): Promise<boolean> {
  let last: Attempt | undefined
  const { clock } = desk.house
  const endsAt = lane === 'letters' ? clock.now().getTime() + longestTurnMs : Infinity
  for (let count = 0; ;) {
    const inTurn = count < most && clock.now().getTime() < endsAt
    const goesOn = inTurn && !stopping.aborted && !desk.life.ended()
    const next = await settleAndClaim(desk, scope, last, goesOn ? lane : undefined)
    last = undefined
    if (!next) return count > 0
    count += next === 'none_wanted' ? mostUnwanted : 1
    if (next === 'none_wanted') continue
    last = { scope, mail: next, delivery: await deliver(desk, scope, next) }
    const { busy, away } = last.delivery
    if (busy || (away && next.letter?.server !== undefined)) paceOf(desk, next).rest(next.domain)
  }
}

async function deliver({ house, transport, unsettled }: Desk, scope: Scope, mail: ClaimedMail): Promise<Delivery> {
  const { outfit: find } = kindOfMail(mail.kind)
  let outfit: Outfit | undefined
  try {
    if (mail.letter && find) outfit = await house.store.read(scope, (db) => find(db, mail))
  } catch (error) {
    // Nothing has left; the mail is in our hands until that is written down.
    unsettled.push({ scope, mail, delivery: { outcome: 'later', reply: '' } })
    throw error
  }
  return transport.send(mail, outfit, tokensOf(house, scope, mail))
}

function tokensOf({ store, clock }: House, scope: Scope, { kind }: ClaimedMail): FindToken {
  const { renewed } = kindOfMail(kind)
  return tokensBy(
    () => clock.now(),
    (before, now) => store.write(scope, async (tx) => renewed?.(tx, before, now)),
  )
}

async function settleAndClaim(desk: Desk, scope: Scope, last: Attempt | undefined, next: Lane | undefined) {
  try {
    return await desk.house.store.write(scope, async (tx) => {
      if (last) await settle(tx, last)
      return next && claimNext(tx, desk, next)
    })
  } catch (error) {
    if (last) desk.unsettled.push(last)
    throw error
  }
}

/** The next mail that is still wanted; `none_wanted` when so many in a row are not that others have their turn first. */
async function claimNext(tx: Tx, desk: Desk, lane: Lane): Promise<ClaimedMail | 'none_wanted' | undefined> {
  for (let unwanted = 0; unwanted < mostUnwanted; unwanted++) {
    const mail = await claimMail(tx, desk.life.number, queueOf(desk, lane))
    if (!mail) return undefined
    if (await isWanted(tx, mail)) {
      paceOf(desk, mail).count(mail.domain)
      return mail
    }
    await wake(tx, 'mail.settled', mail.id)
  }
  return 'none_wanted'
}

function paceOf({ paces }: Desk, { letter }: Pick<ClaimedMail, 'letter'>): Pace {
  return letter ? paces.letters : paces.paced
}

function queueOf({ paces, transport }: Desk, lane: Lane): MailQueue {
  if (lane === 'urgent') return 'urgent'
  if (lane === 'paced') return { but: paces.paced.resting() }
  return { but: paces.letters.resting(), letters: transport.ready ? 'all' : 'own' }
}

/** Settles a mail that is too late, that its subject does not want any more, or not yet. */
async function isWanted(tx: Tx, mail: ClaimedMail): Promise<boolean> {
  const kind = kindOfMail(mail.kind)
  if (mail.expiresAt !== null && mail.expiresAt <= tx.now) {
    await settleMail(tx, mail.id, { state: 'failed' }, 'expired')
    await kind.failed?.(tx, mail, false)
    return false
  }
  const refused = await kind.claimed?.(tx, mail)
  if (refused === undefined) return true
  if (typeof refused === 'string') await settleMail(tx, mail.id, { state: 'called_off' }, refused)
  else await settleMail(tx, mail.id, { state: 'waiting', dueAt: refused }, '')
  return false
}

/** Writes what the server said, and what follows from it for the mail's subject. */
async function settle(tx: Tx, { mail, delivery }: Attempt): Promise<void> {
  const { outcome, reply, badAddress = false, away = false, barred = false } = delivery
  const kind = kindOfMail(mail.kind)
  const again = outcome === 'later' ? nextAttempt(mail.attempts, tx.now) : undefined
  if (again) {
    await settleMail(tx, mail.id, { state: 'waiting', dueAt: again }, reply)
    await kind.postponed?.(tx, mail, away || barred ? reply : undefined)
  } else if (outcome === 'sent' || outcome === 'uncertain') {
    await settleMail(tx, mail.id, { state: outcome }, reply)
    await (outcome === 'sent' ? kind.sent?.(tx, mail) : kind.uncertain?.(tx, mail.subjectId))
  } else {
    await settleMail(tx, mail.id, { state: 'failed' }, reply)
    await kind.failed?.(tx, mail, badAddress)
  }
  if (delivery.refused || delivery.deferred) await settleOthers(tx, { mail, delivery }, again)
  await wake(tx, 'mail.settled', mail.id)
}

/** Some recipients of a letter were taken, or put off, and others were not. */
async function settleOthers(
  tx: Tx,
  { mail, delivery }: Omit<Attempt, 'scope'>,
  again: Date | undefined,
): Promise<void> {
  const { outcome, refused = [], deferred = [] } = delivery
  const later = again ?? nextAttempt(mail.attempts, tx.now)
  if (refused.length > 0) await kindOfMail(mail.kind).refused?.(tx, mail, refused)
  if (deferred.length === 0) return
  if (outcome === 'later') await narrowLetter(tx, mail.id, deferred)
  else if (later) await insertRest(tx, mail.id, deferred, later)
  else {
    const gone = deferred.map((address) => ({ address, says: delivery.reply, status: null }))
    await kindOfMail(mail.kind).refused?.(tx, mail, gone)
  }
}

async function sweepAll({ store }: House, life: LifeSign, unsettled: Attempt[]): Promise<number> {
  for (let attempt; (attempt = unsettled[0]); unsettled.shift()) {
    const { scope } = attempt
    await store.write(scope, (tx) => settle(tx, attempt))
  }
  let found = 0
  for (const { workspaceId, claimedBy } of await findOrphans(store)) {
    if (claimedBy === life.number) continue
    found += await store.write({ workspaceId, actor: system }, (tx) => callUncertain(tx, claimedBy))
  }
  return found
}

async function callUncertain(tx: Tx, claimedBy: number): Promise<number> {
  const mails = await giveUpClaims(tx, claimedBy)
  for (const { id, kind, subjectId } of mails) {
    await kindOfMail(kind).uncertain?.(tx, subjectId)
    await wake(tx, 'mail.settled', id)
  }
  return mails.length
}
