import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { getWorkspace } from '#accounts'
import type { DueKind } from '#platform/due.ts'
import type { House } from '#platform/house.ts'
import { localDateOf } from '#platform/local-date.ts'
import { networkLimits } from '#platform/network-limits.ts'
import { masked } from '#platform/search/index.ts'
import { system, type Db, type Store, type Tx } from '#platform/store.ts'
import {
  beginEpisodes,
  endByContact,
  insertArticles,
  insertSearches,
  isEpisodeOver,
  listAttempts,
  keepWord,
  settleEpisodes,
  type Attempt,
  type Step,
} from './episodes.queries.ts'

/** The number of a new episode: random, so that nobody comes into another's by guessing. */
export function newEpisode(): string {
  return randomBytes(12).toString('base64url')
}

/** The number that a page's address or form carries; undefined for what is none. */
function episodeNumber(given: unknown): string | undefined {
  return typeof given === 'string' && /^[\w-]{16}$/.test(given) ? given : undefined
}

/** Whether what somebody does on a public page is an episode: members who look at them solve nothing. */
export function mayBeEpisode({ scope }: FastifyRequest): boolean {
  return scope.actor.kind === 'nobody' || scope.actor.kind === 'customer'
}

/** The same of a form that a visitor has sent. */
export function episodeCarriedBy(request: FastifyRequest, given: unknown): string | undefined {
  return mayBeEpisode(request) ? episodeNumber(given) : undefined
}

/** The episode that the address of a page names (`?e=`), while it goes on; undefined also for who has none. */
export async function episodeOf(db: Db, request: FastifyRequest): Promise<string | undefined> {
  const number = episodeCarriedBy(request, (request.query as Record<string, unknown>)['e'])
  if (number === undefined) return undefined
  return (await isEpisodeOver(db, number)) ? undefined : number
}

/** What is noted of episodes. It is written a moment after the page has left, so that it slows none. */
export type EpisodeNotes = {
  /** Notes a step; more than can be written is dropped, as is what a process had not written when it was killed. */
  note(request: FastifyRequest, step: NewStep): void
  /** Resolves when all that was noted is written. */
  written(): Promise<void>
}
type Without<Kind, Names extends PropertyKey> = Kind extends unknown ? Omit<Kind, Names> : never
export type NewStep = Without<Step, 'at'>

const mostWaiting = 5_000
const atOnce = 500
/** An office behind one address reads this much. */
const pace = { burst: 300, aSecond: 2 }
const ofStore = new WeakMap<Store, EpisodeNotes>()

export function episodeNotes(house: House): EpisodeNotes {
  const existing = ofStore.get(house.store)
  if (existing) return existing
  const notes = createNotes(house)
  ofStore.set(house.store, notes)
  return notes
}

function createNotes({ store, clock, log }: House): EpisodeNotes {
  const limits = networkLimits(clock, pace)
  let waiting: { workspaceId: string; step: Step }[] = []
  let writing: Promise<void> | undefined
  const writeAll = async () => {
    // The page goes first.
    await new Promise(setImmediate)
    while (waiting.length > 0) {
      const [part, rest] = [waiting.slice(0, atOnce), waiting.slice(atOnce)]
      waiting = rest
      for (const [workspaceId, some] of Map.groupBy(part, (one) => one.workspaceId)) {
        await store
          .write({ workspaceId, actor: system }, (tx) =>
            keepSteps(
              tx,
              some.map(({ step }) => step),
            ),
          )
          .catch((err: unknown) => log.warn({ err, workspaceId }, 'steps of episodes were not kept'))
      }
    }
    writing = undefined
  }
  return {
    note(request, step) {
      if (waiting.length >= mostWaiting || !isStep(request) || !limits.mayPass(request.scope.workspaceId, request.ip)) {
        return
      }
      const whole = step.kind === 'search' ? { ...step, text: masked(step.text) } : step
      waiting.push({ workspaceId: request.scope.workspaceId, step: { ...whole, at: clock.now() } })
      writing ??= writeAll()
    },
    written: async () => writing,
  }
}

/** What a visitor does on purpose: not what a browser fetches ahead, or a program asks about. */
function isStep(request: FastifyRequest): boolean {
  if (request.method === 'HEAD' || /prefetch|prerender/.test(String(request.headers['sec-purpose'] ?? ''))) return false
  return mayBeEpisode(request)
}

/** Keeps steps in their order as far as it matters: what begins an episode before what goes on in it. */
async function keepSteps(tx: Tx, steps: readonly Step[]): Promise<void> {
  const of = <Kind extends Step['kind']>(...kinds: Kind[]) =>
    steps.filter((step): step is Extract<Step, { kind: Kind }> => (kinds as string[]).includes(step.kind))
  await beginEpisodes(tx, of('search', 'suggestion'), await today(tx))
  await insertSearches(tx, of('search'))
  await insertArticles(tx, of('article'))
  for (const step of of('word')) await keepWord(tx, step)
}

/**
 * A contact that carries the number of an episode ends it.
 * @param contactId what it became; forgotten 72 hours after the episode's last step
 * @returns what was tried before, in its order; undefined where the episode had ended in another contact
 */
export async function carryEpisode(
  tx: Tx,
  { number, contactId }: { number: string; contactId: string },
): Promise<Attempt[] | undefined> {
  const id = await endByContact(tx, { number, contactId, day: await today(tx) })
  return id === undefined ? undefined : listAttempts(tx, id)
}

const settledAtOnce = 500

/** Episodes that are over become figures. */
export function episodesDue({ store }: House): DueKind {
  const work: DueKind['work'] = (scope) =>
    store.write(scope, async (tx) => (await settleEpisodes(tx, settledAtOnce)) > 0)
  return { name: 'episodes', work }
}

async function today(db: Db): Promise<string> {
  return localDateOf(db.now, (await getWorkspace(db)).time_zone)
}
