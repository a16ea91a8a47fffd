import type { ArticleTranslation } from '@lahko/contract/articles'
import type { Language } from '@lahko/contract/values'
import type { DueKind } from '#platform/due.ts'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import type { Tx } from '#platform/store.ts'
import { viewTranslation } from './articles.view.ts'
import { holdArticle } from './drafts.ts'
import { publish, unpublish } from './publishing.ts'
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
export function schedulesDue({ store }: House): DueKind[] {
  return [{ name: 'article_schedules', work: (scope) => store.write(scope, workOnSome) }]
}

async function workOnSome(tx: Tx): Promise<boolean> {
  const due = await takeDueSchedules(tx, atOnce)
  // Both at once, after a long sleep: what is over stays over.
  for (const { article_id: id, language } of due.filter(({ action }) => action === 'publish')) {
    await publish(tx, id, language)
  }
  for (const { article_id: id, language } of due.filter(({ action }) => action === 'unpublish')) {
    await unpublish(tx, id, language)
  }
  return due.length > 0
}
