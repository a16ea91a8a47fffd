import type { ArticleGap } from '@lahko/contract'
import { api, queries } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'

type Closing = { outcome: 'answered' | 'dismissed'; articleId?: string }

/** Closes a gap; for ten seconds it can be opened again. */
export async function closeGap({ id }: ArticleGap, body: Closing): Promise<void> {
  try {
    await api.articles.closeGap({ params: { id }, body })
    say(t(`upkeep.gapIs.${body.outcome}`), () => void openGap(id))
  } catch (error) {
    sayFailure(error)
  }
  await refresh()
}

export async function openGap(id: string): Promise<void> {
  await api.articles.openGap({ params: { id } }).catch(sayFailure)
  await refresh()
}

function refresh(): Promise<void> {
  return queries.invalidateQueries({ queryKey: ['articles', 'gaps'] })
}
