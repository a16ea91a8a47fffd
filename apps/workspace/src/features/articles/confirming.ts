import type { Article } from '@lahko/contract'
import { api, queries } from '../../platform/api.ts'
import { day } from '../../platform/format.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { articleQuery, refreshArticles } from './article-data.ts'

/** Says that an article is still right; for ten seconds its day can be put back. */
export async function confirm({ id, reviewOn }: Article): Promise<void> {
  const params = { id }
  try {
    const now = await api.articles.confirm({ params })
    queries.setQueryData(articleQuery(id).queryKey, now)
    const next = now.reviewOn ? t('upkeep.nextDay', { date: day(now.reviewOn) }) : t('upkeep.noNextDay')
    const back = async () => {
      queries.setQueryData(articleQuery(id).queryKey, await api.articles.change({ params, body: { reviewOn } }))
      await refreshArticles()
    }
    say(next, () => void back().catch(sayFailure))
  } catch (error) {
    sayFailure(error)
  }
  await refreshArticles()
}
