import type { Article, ArticleTranslation } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { api } from '../../platform/api.ts'
import { languageName, moment } from '../../platform/format.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { translationQuery } from './article-data.ts'
import { Preview } from './preview.tsx'

const Difference = lazy(async () => ({ default: (await import('./difference.tsx')).WholeDifference }))

type Props = { article: Article; translation: ArticleTranslation | undefined }

/** The original, to be read only; what changed since the translation was published is marked. */
export function Original({ article, translation }: Props) {
  const { id, mainLanguage } = article
  const original = useQuery(translationQuery(id, mainLanguage))
  const since = translation?.outdated ? translation.published?.at : undefined
  const source = useQuery({
    queryKey: ['articles', 'source', id, mainLanguage, since],
    queryFn: () => versionAt(article, since ?? ''),
    enabled: since !== undefined,
    meta: { subjectId: id },
  })
  return (
    <section className="ae-original" aria-label={t('articles.theOriginal')} tabIndex={0}>
      <p className="label">{t('articles.originalIn', { language: languageName(mainLanguage) })}</p>
      {original.isError && <Failed error={original.error} retry={() => void original.refetch()} />}
      {!original.data && !original.isError && <Waiting lines={6} />}
      {original.data && since && source.data && (
        <>
          <p className="quiet">{t('articles.changedSince', { when: moment(since) })}</p>
          <Suspense fallback={<Waiting lines={6} />}>
            <Difference before={source.data} after={original.data} language={mainLanguage} />
          </Suspense>
        </>
      )}
      {original.data && !source.data && <Preview content={original.data} language={mainLanguage} />}
    </section>
  )
}

/** What readers of the main language saw at a time; null where that is not known. */
async function versionAt({ id, mainLanguage: language }: Article, at: string) {
  const params = { id, language }
  let after: string | undefined
  do {
    const page = await api.articles.listVersions({ params, query: { after, limit: 200 } })
    const version = page.items.find((one) => one.at <= at)
    if (version) return api.articles.getVersion({ params: { ...params, number: version.number } })
    after = page.next ?? undefined
  } while (after !== undefined)
  return null
}
