import { lazy, Suspense } from 'react'
import { moment } from '../../platform/format.ts'
import { Banner, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import type { ArticleDraft } from './use-article-draft.ts'
import { useWho } from './who.ts'

const Difference = lazy(async () => ({ default: (await import('./difference.tsx')).Difference }))

/** Two have written: who and when, both texts, and the choice. Nothing is lost before it is made. */
export function Conflict({ draft }: { draft: ArticleDraft }) {
  const who = useWho(draft.theirs?.editedBy)
  const { theirs, content, keepMine, takeTheirs } = draft
  if (!theirs) return null
  return (
    <section className="ae-conflict" aria-label={t('articles.conflict')}>
      <Banner tone="warn" alert>
        <div>
          <p>
            <strong>{t('articles.conflict')}</strong>{' '}
            {t('articles.conflictWho', { who: who(theirs.editedBy), when: moment(theirs.editedAt) })}
          </p>
          <p>{t('articles.conflictMeans')}</p>
        </div>
        <div className="buttons">
          <button type="button" className="button" data-size="small" onClick={takeTheirs}>
            {t('articles.takeTheirs')}
          </button>
          <button type="button" className="button" data-size="small" data-tone="accent" onClick={() => void keepMine()}>
            {t('articles.keepMine')}
          </button>
        </div>
      </Banner>
      <h2>{t('articles.fromTheirsToYours')}</h2>
      <Suspense fallback={<Waiting />}>
        <Difference before={theirs} after={content} />
      </Suspense>
    </section>
  )
}
