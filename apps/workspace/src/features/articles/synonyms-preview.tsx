import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api, problemOf } from '../../platform/api.ts'
import { TextField } from '../../platform/field.tsx'
import { t } from '../../platform/words.ts'
import type { Writing } from './synonym-data.ts'

const restMs = 250

/** What a question finds without a group as it is written, and with it. */
export function SynonymsPreview({ writing, tryOut }: { writing: Writing; tryOut: string }) {
  const [typed, setTyped] = useState<string>()
  const { id, language, words } = writing
  const q = useRested((typed ?? tryOut).trim())
  const tried = useRested(words.join('\n'))
  const found = useQuery({
    queryKey: ['synonyms', 'preview', language, id, q, tried],
    queryFn: ({ signal }) => {
      const body = { language, q, ...(tried !== '' && { words: tried.split('\n') }), ...(id !== undefined && { id }) }
      return api.synonyms.preview({ body, signal })
    },
    enabled: q !== '' && tried.includes('\n'),
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  const { before = [], after = [] } = found.data ?? {}
  const was = new Set(before.map(({ articleId }) => articleId))
  return (
    <section className="ar-trial" aria-label={t('articles.tryIt')}>
      <TextField
        label={t('articles.tryIt')}
        hint={t('articles.tryItHint')}
        maxLength={300}
        value={typed ?? tryOut}
        onChange={setTyped}
      />
      {problemOf(found.error) && <p className="quiet">{t('articles.notTried')}</p>}
      {found.data && !found.isError && (
        <div className="ar-compared" aria-live="polite" aria-busy={found.isFetching}>
          <Results title={t(id === undefined ? 'articles.foundNow' : 'articles.foundAsSaved')} found={before} />
          <Results title={t('articles.foundThen')} found={after} isNew={(articleId) => !was.has(articleId)} />
        </div>
      )}
    </section>
  )
}

type Found = { articleId: string; title: string; language: string }

function Results(props: { title: string; found: readonly Found[]; isNew?: (articleId: string) => boolean }) {
  const { title, found, isNew } = props
  return (
    <div>
      <h3 className="label">{title}</h3>
      {found.length === 0 && <p className="quiet">{t('articles.nothingFound')}</p>}
      <ol>
        {found.map((one) => (
          <li key={one.articleId} lang={one.language}>
            {one.title}{' '}
            {isNew?.(one.articleId) && (
              <span className="badge" data-tone="good">
                {t('articles.newlyFound')}
              </span>
            )}
          </li>
        ))}
      </ol>
    </div>
  )
}

/** A text a moment after its last letter. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), restMs)
    return () => clearTimeout(timer)
  }, [text])
  return rested
}
