import { hash, randomUUID } from 'node:crypto'
import type { Language } from '@lahko/contract/values'
import { getWorkspace } from '#accounts'
import type { House } from '#platform/house.ts'
import { localDateOf } from '#platform/local-date.ts'
import { networkLimits } from '#platform/network-limits.ts'
import { networkOf } from '#platform/networks.ts'
import { beginningOf, plainText } from '#platform/plain-text.ts'
import { masked, sameQuestion } from '#platform/search/index.ts'
import { system, type Scope, type Tx } from '#platform/store.ts'
import { insertSearches, updateOpened, type SearchRow } from './searches.queries.ts'
import { searchArticles, type Answers } from './searching.ts'

/** A search that somebody sent, or rested on. */
type Asked = {
  text: string
  language: Language
  answers: Answers
  /** Whether it would be known that a hit was opened. */
  watched: boolean
  /** The number of the episode in which it was asked: what is asked in one counts once. It is kept as a hash. */
  episode?: string | undefined
}

/** Keeps what was searched for, behind whoever waits for the answer. */
export type SearchKeeper = {
  /**
   * Takes a search, to be written a moment later: whoever asked waits for nothing, and a crash loses it.
   * @param address from which it came: remembered for half an hour in this process, so that the same question again
   * counts once, and never written
   * @returns its id, by which a hit may be noted; undefined where it is not kept
   */
  keep(workspaceId: string, address: string, asked: Asked): string | undefined
  /** Notes that an article was opened from a search. */
  opened(workspaceId: string, id: string, articleId: string): void
  /** Writes what waits, now. */
  flush(): Promise<void>
}

/** Of a longer text its beginning. */
const mostLetters = 200
/** What waits in memory; what comes on top is not kept. */
const mostWaiting = 2_000
const mostRemembered = 20_000
/** Of one workspace in a minute, in this process. */
const mostEachMinute = 120
const againMs = 30 * 60_000
const restMs = 1_000

type Waiting = { workspaceId: string; at: Date; row: Omit<SearchRow, 'asked_on'> }
type Opened = { workspaceId: string; id: string; articleId: string }

const keepers = new WeakMap<House['store'], SearchKeeper>()

/** The one keeper of a house. */
export function searchKeeperOf(house: House): SearchKeeper {
  const known = keepers.get(house.store)
  if (known) return known
  const keeper = openKeeper(house)
  keepers.set(house.store, keeper)
  return keeper
}

/** Keeps searches of days that are over, as if they had been asked on the page and nothing was opened: for the demo. */
export async function keepPastSearches(
  tx: Tx,
  asked: readonly { text: string; language: Language; days: readonly string[] }[],
): Promise<void> {
  for (const { text, language, days } of asked) {
    const answers = await searchArticles(tx, { signedIn: false, organisations: [] }, { text, language, limit: 10 })
    const rows = days.flatMap((day) => {
      const row = rowOf(tx.workspaceId, { text, language, answers, watched: true })
      return row ? [{ ...row, asked_on: day }] : []
    })
    await insertSearches(tx, rows)
  }
}

function openKeeper(house: House): SearchKeeper {
  const { clock } = house
  const mayBeKept = pace(house)
  const again = remembered(clock)
  let searches: Waiting[] = []
  let opened: Opened[] = []
  let timer: NodeJS.Timeout | undefined
  let turn: Promise<void> = Promise.resolve()

  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const [asked, seen] = [searches, opened]
    ;[searches, opened] = [[], []]
    turn = turn.then(() => write(house, asked, seen))
    return turn
  }
  const later = () => (timer ??= setTimeout(() => void flush(), restMs).unref())
  return {
    keep(workspaceId, address, asked) {
      const row = rowOf(workspaceId, asked)
      if (!row) return undefined
      const id = again(`${workspaceId} ${row.language} ${row.question} ${networkOf(address)}`, row.id)
      if (id !== row.id) return id
      if (searches.length >= mostWaiting || !mayBeKept(workspaceId, address)) return undefined
      searches.push({ workspaceId, at: clock.now(), row })
      later()
      return id
    },
    opened(workspaceId, id, articleId) {
      if (opened.length >= mostWaiting) return
      opened.push({ workspaceId, id, articleId })
      later()
    },
    flush,
  }
}

/** Undefined for what has no words once it is masked. */
function rowOf(workspaceId: string, { text, language, answers, watched, episode }: Asked): Waiting['row'] | undefined {
  const words = beginningOf(masked(plainText(text)), mostLetters)
  const question = sameQuestion(language, masked(plainText(answers.corrected ?? text)).slice(0, mostLetters))
  if (question === '') return undefined
  const { items, suggestions, fit } = answers
  const found = { results: items.length, fit, suggested: suggestions.length > 0 }
  const asking = episode === undefined ? randomUUID() : nameOf(workspaceId, episode)
  return { id: randomUUID(), language, words, question, asking, watched, ...found }
}

/** An episode as a UUID from which nobody comes back to its number. */
function nameOf(workspaceId: string, episode: string): string {
  const hex = hash('sha256', `${workspaceId} ${episode}`, 'hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

/** The id of what was asked before and not long ago, else the new one. */
function remembered(clock: House['clock']): (key: string, id: string) => string {
  const known = new Map<string, { id: string; at: number }>()
  return (key, id) => {
    const at = clock.now().getTime()
    const before = known.get(key)
    if (before && at - before.at < againMs) return before.id
    known.delete(key)
    if (known.size >= mostRemembered) known.delete(known.keys().next().value!)
    known.set(key, { id, at })
    return id
  }
}

/** Whether one more is kept: so many of one network, and so many of a workspace in a minute. */
function pace({ clock }: House): (workspaceId: string, address: string) => boolean {
  const networks = networkLimits(clock, { burst: 30, aSecond: 0.1 })
  const counts = new Map<string, number>()
  let minute = 0
  return (workspaceId, address) => {
    const now = Math.floor(clock.now().getTime() / 60_000)
    if (now !== minute) counts.clear()
    minute = now
    const count = counts.get(workspaceId) ?? 0
    if (count >= mostEachMinute || !networks.mayPass(workspaceId, address)) return false
    counts.set(workspaceId, count + 1)
    return true
  }
}

/** In one transaction for each workspace. What cannot be written is lost: nobody waits for it. */
async function write(house: House, searches: readonly Waiting[], opened: readonly Opened[]): Promise<void> {
  for (const workspaceId of new Set([...searches, ...opened].map((one) => one.workspaceId))) {
    const scope: Scope = { workspaceId, actor: system }
    const own = <T extends { workspaceId: string }>(all: readonly T[]) =>
      all.filter((one) => one.workspaceId === workspaceId)
    const work = house.store.write(scope, async (tx) => {
      const { time_zone: zone } = await getWorkspace(tx)
      const rows = own(searches).map(({ row, at }) => ({ ...row, asked_on: localDateOf(at, zone) }))
      if (rows.length > 0) await insertSearches(tx, rows)
      await updateOpened(tx, own(opened))
    })
    await work.catch((error: unknown) => house.log.warn({ err: error, workspaceId }, 'searches were not kept'))
  }
}
