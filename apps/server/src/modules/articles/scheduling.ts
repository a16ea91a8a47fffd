import type { ArticleTranslation } from '@lahko/contract/articles'
import type { Language } from '@lahko/contract/values'
import type { DueKind } from '#platform/due.ts'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import type { Tx } from '#platform/store.ts'
import { viewTranslation } from './articles.view.ts'
import { isApproved } from './approvals.ts'
import { getDraft, holdArticle } from './drafts.ts'
import { publish, unpublish } from './publishing.ts'
import { tellHeld } from './telling.ts'
import { takeDueSchedules, writeSchedule } from './translations.queries.ts'

const atOnce = 20

/** Says when the draft is published as it is then, and when it is taken back; null: not. @throws Problem not_found */
export async function schedule(
  tx: Tx,
  id: string,
  language: Language,
  { publishAt, unpublishAt }: { publishAt: string | null; unpublishAt: string | null },
): Promise<ArticleTranslation> {
  await holdArticle(tx, id)
  await viewTranslation(tx, id, language)
  const [publishOn, unpublishOn] = [publishAt, unpublishAt].map((at) => (at === null ? null : new Date(at)))
  await writeSchedule(tx, id, language, { publish: publishOn ?? null, unpublish: unpublishOn ?? null })
  await emit(tx, { type: 'article.scheduled', subjectId: id, data: { language } })
  return viewTranslation(tx, id, language)
}

/** What time does to articles: they are published and taken back when it was said. */
export function schedulesDue(house: House): DueKind[] {
  return [{ name: 'article_schedules', work: (scope) => house.store.write(scope, (tx) => workOnSome(house, tx)) }]
}

async function workOnSome(house: House, tx: Tx): Promise<boolean> {
  const due = await takeDueSchedules(tx, atOnce)
  // Both at once, after a long sleep: what is over stays over.
  for (const { article_id: id, language } of due.filter(({ action }) => action === 'publish')) {
    await publishInTime(house, tx, id, language)
  }
  for (const { article_id: id, language } of due.filter(({ action }) => action === 'unpublish')) {
    await unpublish(tx, id, language)
  }
  return due.length > 0
}

/** What needs an approval and has none as it is now stays a draft, and who wrote it is told. */
async function publishInTime(house: House, tx: Tx, id: string, language: Language): Promise<void> {
  if (await isApproved(tx, await getDraft(tx, id, language))) return publish(tx, id, language)
  await tellHeld(house, tx, id, language)
  await emit(tx, { type: 'article.held', subjectId: id, data: { language } })
}
