import { customScale, summarize } from '@lahko/effort'
import { languages, type SelfService, type SelfServiceArticle } from '@lahko/contract'
import { id as anId, type Language } from '@lahko/contract/values'
import { getWorkspace } from '#accounts'
import { listTitles } from '#articles'
import { localDateOf } from '#platform/local-date.ts'
import { invalidField } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { countContacts } from '#tickets'
import { countEpisodes, countOpenEpisodes, listArticleCounts, type ArticleOrder } from '#touchpoints'
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
  const titles = await listTitles(
    db,
    shown.map(({ articleId }) => articleId),
    [language, ...languages],
  )
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
      }
    }),
    next: rows.length > limit && last ? `${last[sort]}.${last.articleId}` : null,
  }
}

function readEnd(after: string): { count: number; id: string } {
  const [, count, id] = /^(\d{1,15})\.(.*)$/.exec(after) ?? []
  if (count === undefined || !anId.safeParse(id).success) throw invalidField('/query/after', 'insight.bad_page')
  return { count: Number(count), id: id! }
}
