import { basename } from 'node:path'
import { listMapped, listTitles } from '#articles'
import { daysAfter } from '#platform/local-date.ts'
import type { Tx } from '#platform/store.ts'
import { insertAttempts } from '#tickets'
import { insertPastEpisodes, type PastEpisodes } from '#touchpoints'
import { helpFiles } from './help.ts'
import { createRandom, type Random } from './random.ts'
import type { Topic } from './texts.ts'

const mostArticles = 500
/** In so many of a hundred searches nothing is opened; so many readers say that it did not help. */
const unread = 0.24
const declined = 0.06

type HelpArticle = { id: string; topic: string; liked: number; helps: number }

/** The shop's articles, each with how often it is read and how well it helps. */
export async function listHelp(tx: Tx, random: Random): Promise<HelpArticle[]> {
  const topicOf = new Map(helpFiles().map(({ path }) => [basename(path).split('.')[0]!, path.split('/')[0]!]))
  const rows = await listMapped(tx, { limit: mostArticles })
  const ids = new Map(rows.map(({ slug, id }) => [slug, id]))
  return [...ids].toSorted().map(([slug, id]) => ({
    ...{ id, topic: topicOf.get(slug) ?? '' },
    liked: random.next() ** 3,
    helps: 0.1 + 0.5 * random.next(),
  }))
}

/** What customers of the shop solved alone, from its first day to the last that is over: more as it becomes known. */
export async function fillEpisodes(
  tx: Tx,
  { seed, from, to }: { seed: number; from: string; to: string },
): Promise<void> {
  const random = createRandom(seed + 3)
  const all = await listHelp(tx, random)
  const past: PastEpisodes = { days: [], articles: [] }
  for (let day = from, place = 0; day <= to; day = daysAfter(day, 1), place++) {
    fillDay(past, { random, all, day, many: Math.round(18 + place / 8 + 6 * random.next()) })
  }
  await insertPastEpisodes(tx, past)
}

type Day = { random: Random; all: readonly HelpArticle[]; day: string; many: number }

function fillDay(past: PastEpisodes, { random, all, day, many }: Day): void {
  const sums = { day, episodes: many, confirmed: 0, probable: 0, failed: 0 }
  const articles = new Map<string, PastEpisodes['articles'][number]>()
  for (let n = 0; n < many; n++) {
    if (random.next() < unread) continue
    const { id: articleId, helps } = pickLiked(random, all)
    const counts = articles.get(articleId) ?? { day, articleId, readers: 0, solved: 0, failed: 0 }
    articles.set(articleId, counts)
    counts.readers++
    const asks = random.next() < 0.5 - 0.6 * helps
    const says = random.next()
    if (asks) {
      counts.failed++
      sums.failed++
    } else if (says < helps) {
      counts.solved++
      sums.confirmed++
    } else if (says < 1 - declined) sums.probable++
  }
  past.days.push(sums)
  past.articles.push(...articles.values())
}

/** One article, those that are read most the most often. */
export function pickLiked(random: Random, all: readonly HelpArticle[]): HelpArticle {
  const at = random.next() * all.reduce((sum, { liked }) => sum + liked, 0)
  let sum = 0
  return all.find(({ liked }) => (sum += liked) >= at) ?? all[0]!
}

/** What the sender of a request had tried. */
export async function fillAttempts(
  tx: Tx,
  random: Random,
  ticket: { id: string; topic: Topic; language: string; question: string },
): Promise<void> {
  const all = (await listHelp(tx, createRandom(1))).filter(({ topic }) => topic === ticket.topic)
  const read = random.pick(all)
  const title = read && (await listTitles(tx, [read.id], [ticket.language])).get(read.id)
  await insertAttempts(tx, ticket.id, [
    { kind: 'search', text: ticket.question.toLowerCase(), articleId: null, language: null },
    ...(title ? [{ kind: 'article' as const, text: title.title, articleId: title.id, language: title.language }] : []),
  ])
}
