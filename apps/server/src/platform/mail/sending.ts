import type pg from 'pg'
import type { DueKind } from '../due.ts'
import type { House } from '../house.ts'
import { emit, wake, wakeAll } from '../events.ts'
import { system, type Scope, type Tx } from '../store.ts'
import { tokensBy, type FindToken } from './access-tokens.ts'
import { isLasting, nextAttempt, nextWhileHindered } from './backing-off.ts'
import { kindOfMail, type MailKind, type Refusal } from './kinds.ts'
import { giveLifeSign, type LifeSign } from './life-sign.ts'
import type { Outfit } from './letters.ts'
import {
  claimMails,
  findOrphans,
  giveUpClaims,
  insertRest,
  narrowLetter,
  releaseHindered,
  settleMail,
  settleSent,
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
  /** Workspaces in which nothing is held up by the server, as far as this process knows. */
  flowing: Set<string>
  /** Workspaces whose members this process has told that nothing leaves. */
  told: Set<string>
}

/** So many mails of one workspace before the next one has its turn. */
const slice = 500
/** So many mails that are not wanted are settled in one transaction. */
const mostUnwanted = 100
/** Letters of others wait for a slow server that is not theirs no longer than this. */
const longestTurnMs = 20_000
const sweepEveryMs = 30_000

/**
 * One mail is claimed for each connection just before it is sent, in a transaction that also writes what became of the
 * one before; connections that are free at the same time share it. So whatever was in flight when a process died is
 * known: no more than it had connections, and one urgent one.
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
  const desk: Desk = { house, transport, life, paces, unsettled, flowing: new Set(), told: new Set() }
  const sent: DueKind[] = [
    {
      name: 'urgent_mails',
      work: (scope, stopping) => sendInTurn(desk, openCounter(desk, 'urgent', scope), slice, stopping),
    },
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
  const counter = openCounter(desk, lane, scope)
  const lanes = Array.from({ length: connections }, () => sendInTurn(desk, counter, slice / connections, stopping))
  const done = await Promise.all(lanes)
  return done.some((sent) => sent)
}

type Lane = 'urgent' | 'paced' | 'letters'

async function sendInTurn(desk: Desk, counter: Counter, most: number, stopping: AbortSignal): Promise<boolean> {
  let last: Attempt | undefined
  const { clock } = desk.house
  const { lane, scope } = counter
  const endsAt = lane === 'letters' ? clock.now().getTime() + longestTurnMs : Infinity
  for (let count = 0; ;) {
    const inTurn = count < most && clock.now().getTime() < endsAt
    const goesOn = inTurn && !stopping.aborted && !desk.life.ended()
    const next = await counter.ask(last, goesOn)
    last = undefined
    if (!next) return count > 0
    count += next === 'none_wanted' ? mostUnwanted : 1
    if (next === 'none_wanted') continue
    last = { scope, mail: next, delivery: await deliver(desk, scope, next) }
    const { busy, away, hindersAll } = last.delivery
    if (hindersAll) desk.flowing.clear()
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

/** A mail; `none_wanted` when so many in a row are not wanted that others have their turn first; undefined for none. */
type Next = ClaimedMail | 'none_wanted' | undefined
type Asking = { last: Attempt | undefined; goesOn: boolean; resolve(next: Next): void; reject(error: unknown): void }
type Counter = {
  lane: Lane
  scope: Scope
  /** Writes what became of a connection's last mail, and claims its next one. */
  ask(last: Attempt | undefined, goesOn: boolean): Promise<Next>
}

/** Where connections come when they are free: those that wait while another is served are served together. */
function openCounter(desk: Desk, lane: Lane, scope: Scope): Counter {
  const waiting: Asking[] = []
  let serving = false
  const serve = async (those: readonly Asking[]): Promise<void> => {
    try {
      const next = await settleAndClaim(desk, lane, scope, those)
      those.forEach(({ resolve }, place) => resolve(next[place]))
    } catch (error) {
      const [{ last, reject }] = those as [Asking]
      // What one of them cannot have holds up no other.
      if (those.length > 1) return void (await inTurn(those, (one) => serve([one])))
      if (last) desk.unsettled.push(last)
      reject(error)
    }
  }
  const serveAll = async () => {
    serving = true
    while (waiting.length > 0) await serve(waiting.splice(0))
    serving = false
  }
  return {
    lane,
    scope,
    ask: (last, goesOn) =>
      new Promise((resolve, reject) => {
        waiting.push({ last, goesOn, resolve, reject })
        if (!serving) void serveAll()
      }),
  }
}

/** @returns in the order of those who ask */
function settleAndClaim(desk: Desk, lane: Lane, scope: Scope, those: readonly Asking[]): Promise<Next[]> {
  return desk.house.store.writeOften(scope, async (tx) => {
    const attempts = those.flatMap(({ last }) => last ?? [])
    await settleAll(tx, attempts)
    if (attempts.some((one) => showsOutage(one, tx.now))) await tellOfOutage(tx, desk)
    if (attempts.some(hasLeft) && !desk.flowing.has(scope.workspaceId)) await release(tx, desk, attempts)
    const next = await claimNext(tx, desk, lane, those.filter(({ goesOn }) => goesOn).length)
    return those.map(({ goesOn }) => (goesOn ? next.shift() : undefined))
  })
}

function hasLeft({ mail, delivery }: Attempt): boolean {
  return delivery.outcome === 'sent' && mail.letter?.server === undefined
}

function showsOutage({ mail, delivery }: Attempt, now: Date): boolean {
  if (!delivery.hindersAll || mail.letter?.server !== undefined) return false
  return mail.hinderedSince !== null && isLasting(mail.hinderedSince, now)
}

async function tellOfOutage(tx: Tx, { told }: Desk): Promise<void> {
  const { workspaceId } = tx
  if (told.has(workspaceId)) return
  await emit(tx, { type: 'mails.hindered', subjectId: workspaceId })
  told.add(workspaceId)
}

/** What the server held up waits no longer than the server does. */
async function release(tx: Tx, { flowing, told }: Desk, attempts: readonly Attempt[]): Promise<void> {
  const { workspaceId } = tx
  const freed = await releaseHindered(tx)
  const wasHindered = attempts.some((one) => hasLeft(one) && one.mail.hinderedSince !== null)
  if (told.delete(workspaceId) || freed > 0 || wasHindered) {
    await emit(tx, { type: 'mails.flowing', subjectId: workspaceId })
  }
  flowing.add(workspaceId)
}

/** The next mails that are still wanted, at most so many. */
async function claimNext(tx: Tx, desk: Desk, lane: Lane, most: number): Promise<Next[]> {
  const next: Next[] = []
  for (let unwanted = 0; next.length < most;) {
    if (unwanted >= mostUnwanted) return [...next, 'none_wanted']
    const limit = Math.min(most - next.length, mostUnwanted - unwanted)
    const mails = await claimMails(tx, desk.life.number, queueOf(desk, lane), limit)
    if (mails.length === 0) break
    const wanted = await keepWanted(tx, mails)
    for (const mail of wanted) paceOf(desk, mail).count(mail.domain)
    next.push(...wanted)
    unwanted += mails.length - wanted.length
  }
  return next
}

function paceOf({ paces }: Desk, { letter }: Pick<ClaimedMail, 'letter'>): Pace {
  return letter ? paces.letters : paces.paced
}

function queueOf({ paces, transport }: Desk, lane: Lane): MailQueue {
  if (lane === 'urgent') return 'urgent'
  if (lane === 'paced') return { but: paces.paced.resting() }
  return { but: paces.letters.resting(), letters: transport.ready ? 'all' : 'own' }
}

/** Settles those that are too late, that their subjects do not want any more, or not yet. @returns the others */
async function keepWanted(tx: Tx, mails: readonly ClaimedMail[]): Promise<ClaimedMail[]> {
  const wanted: ClaimedMail[] = []
  for (const [name, those] of Map.groupBy(mails, ({ kind }) => kind)) {
    const kind = kindOfMail(name)
    const late = those.filter(({ expiresAt }) => expiresAt !== null && expiresAt <= tx.now)
    for (const mail of late) {
      await settleMail(tx, mail.id, { state: 'failed' }, 'expired')
      await kind.failed?.(tx, mail, 'too_late')
    }
    const timely = those.filter((mail) => !late.includes(mail))
    const refusals = await refusalsOf(tx, kind, timely)
    for (const [place, mail] of timely.entries()) {
      const refused = refusals[place]
      if (refused === undefined) wanted.push(mail)
      else if (typeof refused === 'string') await settleMail(tx, mail.id, { state: 'called_off' }, refused)
      else await settleMail(tx, mail.id, { state: 'waiting', dueAt: refused }, '')
    }
  }
  const unwanted = mails.filter((mail) => !wanted.includes(mail))
  if (unwanted.length > 0) await wakeAll(tx, 'mail.settled', idsOf(unwanted))
  return wanted
}

async function refusalsOf(tx: Tx, kind: MailKind, mails: readonly ClaimedMail[]): Promise<Refusal[]> {
  if (kind.together) return kind.together.claimed(tx, mails)
  return inTurn(mails, async (mail) => kind.claimed?.(tx, mail))
}

async function inTurn<T, R>(those: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const one of those) results.push(await work(one))
  return results
}

function idsOf(mails: readonly ClaimedMail[]): string[] {
  return mails.map(({ id }) => id)
}

/** The same as `settle`, of many: those that the server took for all their recipients together. */
async function settleAll(tx: Tx, attempts: readonly Attempt[]): Promise<void> {
  if (attempts.length === 0) return
  const isPlain = ({ outcome, refused, deferred }: Delivery) => outcome === 'sent' && !refused && !deferred
  const { plain = [], others = [] } = Object.groupBy(attempts, ({ delivery }) =>
    isPlain(delivery) ? 'plain' : 'others',
  )
  for (const attempt of others) await settle(tx, attempt)
  const told = wakeAll(tx, 'mail.settled', idsOf(attempts.map(({ mail }) => mail)))
  await Promise.all([told, ...(plain.length > 0 ? [settleTaken(tx, plain)] : [])])
}

async function settleTaken(tx: Tx, attempts: readonly Attempt[]): Promise<void> {
  const taken = attempts.map(({ mail: { id }, delivery: { reply } }) => ({ id, reply }))
  const mails = attempts.map(({ mail }) => mail)
  const kinds = [...Map.groupBy(mails, (mail) => mail.kind)]
  await Promise.all([settleSent(tx, taken), ...kinds.map(([kind, those]) => tellSent(tx, kind, those))])
}

async function tellSent(tx: Tx, name: string, mails: readonly ClaimedMail[]): Promise<void> {
  const kind = kindOfMail(name)
  if (kind.together) await kind.together.sent(tx, mails)
  else await inTurn(mails, async (mail) => kind.sent?.(tx, mail))
}

/** Writes what the server said, and what follows from it for the mail's subject. */
async function settle(tx: Tx, { mail, delivery }: Attempt): Promise<void> {
  const { outcome, reply, badAddress = false, away = false, barred = false } = delivery
  const kind = kindOfMail(mail.kind)
  const hinderedSince = delivery.hindersAll ? (mail.hinderedSince ?? tx.now) : undefined
  const again = outcome === 'later' ? dueAgain(mail, hinderedSince, tx.now) : undefined
  if (again) {
    await settleMail(tx, mail.id, { state: 'waiting', dueAt: again, hinderedSince }, reply)
    await kind.postponed?.(tx, mail, away || barred ? reply : undefined)
  } else if (outcome === 'sent' || outcome === 'uncertain') {
    await settleMail(tx, mail.id, { state: outcome }, reply)
    await (outcome === 'sent' ? tellSent(tx, mail.kind, [mail]) : kind.uncertain?.(tx, mail.subjectId))
  } else {
    await settleMail(tx, mail.id, { state: 'failed' }, reply)
    await kind.failed?.(tx, mail, delivery.hindersAll ? 'too_late' : badAddress ? 'bad_address' : 'refused')
  }
  if (delivery.refused || delivery.deferred) await settleOthers(tx, { mail, delivery }, again)
}

function dueAgain({ attempts }: ClaimedMail, hinderedSince: Date | undefined, now: Date): Date | undefined {
  return hinderedSince ? nextWhileHindered(hinderedSince, now) : nextAttempt(attempts, now)
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
    await store.write(scope, (tx) => settleAll(tx, [attempt]))
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
