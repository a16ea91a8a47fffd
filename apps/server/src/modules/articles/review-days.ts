import type { Article } from '@lahko/contract/articles'
import { getWorkspace } from '#accounts'
import { retractAbout } from '#notices'
import type { DueKind } from '#platform/due.ts'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { localDateOf, monthsAfter } from '#platform/local-date.ts'
import { Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { takeReviewDays, updateArticle } from './articles.queries.ts'
import { viewArticle } from './articles.view.ts'
import { holdArticle } from './drafts.ts'
import { tellDue } from './telling.ts'

const atOnce = 50
/** As `due_workspaces` has it: owners are told at eight in the morning. */
const tellingHourMs = 8 * 3_600_000

/** When an article is looked at again that nobody has looked at yet; null where it is not said how often. */
export async function firstReviewDay(db: Db, months: number | null | undefined): Promise<string | null> {
  if (typeof months !== 'number') return null
  const { time_zone: zone } = await getWorkspace(db)
  return monthsAfter(localDateOf(db.now, zone), months)
}

/**
 * Says that an article is still right: it is looked at again after its months.
 * @throws Problem not_found; conflict `articles.no_review_days` where neither a day nor months are set
 */
export async function confirmArticle(tx: Tx, id: string): Promise<Article> {
  const article = await holdArticle(tx, id)
  if (article.review_on === null && article.review_months === null) {
    throw new Problem('conflict', 'articles.no_review_days')
  }
  await updateArticle(tx, {
    ...article,
    review_on: await firstReviewDay(tx, article.review_months),
    confirmed_by: tx.actor.kind === 'member' ? tx.actor.memberId : null,
    confirmed_at: tx.now,
  })
  await retractAbout(tx, 'article_due', id)
  await emit(tx, { type: 'article.confirmed', subjectId: id })
  return viewArticle(tx, id)
}

/** Tells owners on the day what they wanted to look at again. */
export function reviewDaysDue(house: House): DueKind[] {
  return [{ name: 'article_review_days', work: (scope) => house.store.write(scope, (tx) => tellSome(house, tx)) }]
}

async function tellSome(house: House, tx: Tx): Promise<boolean> {
  const { time_zone: zone } = await getWorkspace(tx)
  const today = localDateOf(new Date(tx.now.getTime() - tellingHourMs), zone)
  const taken = await takeReviewDays(tx, today, atOnce)
  const owned = taken.flatMap(({ id, owner_id: ownerId, main_language: language, title }) =>
    ownerId === null ? [] : [{ id, ownerId, language, title }],
  )
  await tellDue(house, tx, owned)
  return taken.length > 0
}
