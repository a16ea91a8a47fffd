import { customScale, summarize } from '@lahko/effort'
import { languages, type SelfService, type SelfServiceArticle, type SelfServiceWays } from '@lahko/contract'
import { id as anId, type Language } from '@lahko/contract/values'
import { getWorkspace } from '#accounts'
import { listTitles } from '#articles'
import { localDateOf } from '#platform/local-date.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { countContacts } from '#tickets'
import { countEpisodes, countOpenEpisodes, listArticleCounts, type ArticleOrder } from '#touchpoints'
import { effortByArticle, effortByWay, effortSubject } from './self-service-effort.ts'
import { inRange } from './measuring.ts'
import { addDays, type Days } from './periods.ts'

/** So many days, up to this one or today. */
type Asked = { days: number; to?: string | undefined }

async function daysOf(db: Db, { days, to }: Asked): Promise<Days & { timeZone: string }> {
  const { time_zone: timeZone } = await getWorkspace(db)
  const today = localDateOf(db.now, timeZone)
  const last = inRange('/query/to', to ?? today, today)
  return { from: addDays(last, 1 - days), to: last, timeZone }
}

/** What was solved alone on some days: three figures that are never added, and how much of all it is known of. */
export async function selfService(db: Db, asked: Asked): Promise<SelfService> {
  const { timeZone, ...days } = await daysOf(db, asked)
  const { episodes, confirmed, probable, failed } = await countEpisodes(db, days)
  const { contacts, carried } = await countContacts(db, { ...days, timeZone })
  return {
    ...days,
    episodes,
    open: await countOpenEpisodes(db),
    confirmed: { count: confirmed, share: shareOf(confirmed, episodes) },
    probable: { count: probable, share: shareOf(probable, episodes) },
    failed: { count: failed, share: shareOf(failed, episodes) },
    contacts: { count: contacts, carried, share: shareOf(carried, contacts) },
  }
}

const noOrYes = customScale({ min: 0, max: 1, direction: 'high-is-easy', easy: [1], hard: [0] })

/** A share with its interval (Wilson); null of nothing. */
function shareOf(count: number, of: number): SelfService['confirmed']['share'] {
  return summarize([of - count, count], noOrYes).easyShare
}

/** How easy it was by way, from the answers of some days. @throws Problem not_found without a survey */
export async function selfServiceWays(
  db: Db,
  { survey, language, ...asked }: Asked & { survey?: string | undefined; language: Language },
): Promise<SelfServiceWays> {
  return effortByWay(db, await effortSubject(db, await daysOf(db, asked), survey), language)
}

type ArticlesAsked = Asked & { sort: ArticleOrder; after?: string | undefined; limit: number; language: Language }

/** What came of reading each article on some days. @throws Problem invalid `insight.bad_page` */
export async function selfServiceArticles(
  db: Db,
  { sort, after, limit, language, ...asked }: ArticlesAsked,
): Promise<{ items: SelfServiceArticle[]; next: string | null }> {
  const days = await daysOf(db, asked)
  const page = { by: sort, limit: limit + 1, ...(after !== undefined && { after: readEnd(after) }) }
  const rows = await listArticleCounts(db, days, page)
  const shown = rows.slice(0, limit)
  const ids = shown.map(({ articleId }) => articleId)
  const titles = await listTitles(db, ids, [language, ...languages])
  const efforts = await effortOf(db, days, ids)
  const last = shown.at(-1)
  return {
    items: shown.map(({ articleId, readers, solved, failed }) => {
      const title = titles.get(articleId)
      return {
        articleId,
        title: title?.title ?? null,
        language: title?.language ?? null,
        readers,
        solved: { count: solved, share: shareOf(solved, readers) },
        failed: { count: failed, share: shareOf(failed, readers) },
        effort: efforts.get(articleId) ?? { n: 0, metric: null },
      }
    }),
    next: rows.length > limit && last ? `${last[sort]}.${last.articleId}` : null,
  }
}

/** Nothing while no survey was ever published. */
async function effortOf(db: Db, days: Days, ids: readonly string[]) {
  try {
    return await effortByArticle(db, await effortSubject(db, days), ids)
  } catch (error) {
    if (error instanceof Problem && error.kind === 'not_found') return new Map<string, never>()
    throw error
  }
}

function readEnd(after: string): { count: number; id: string } {
  const [, count, id] = /^(\d{1,15})\.(.*)$/.exec(after) ?? []
  if (count === undefined || !anId.safeParse(id).success) throw invalidField('/query/after', 'insight.bad_page')
  return { count: Number(count), id: id! }
}
