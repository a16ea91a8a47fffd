import type { Language } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { Difference } from './difference.tsx'
import type { ArticleDraft } from './use-article-draft.ts'

type Version = { id: string; language: Language; number: number }

/** What a draft changes for readers, word by word. */
export function SinceVersion({ params, draft }: { params: Version; draft: ArticleDraft }) {
  const version = useQuery({
    queryKey: ['article-version', params],
    queryFn: ({ signal }) => api.articles.getVersion({ params, signal }),
    staleTime: Infinity,
  })
  return (
    <section className="stack" aria-label={t('articles.whatChanges')}>
      <h3>{t('articles.whatChanges')}</h3>
      {version.data ? <Difference before={version.data} after={draft.content} /> : <Waiting />}
    </section>
  )
}
