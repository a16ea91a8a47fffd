import type { Article, ArticleTranslation, Language } from '@lahko/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { moment } from '../../platform/format.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { useMay } from '../shell/me.ts'
import { Difference, parts } from './difference.tsx'
import { keepTranslation, type ArticleDraft } from './use-article-draft.ts'
import { useWho } from './who.ts'

type Props = {
  article: Article
  language: Language
  draft: ArticleDraft
  translation: ArticleTranslation
  onClose: () => void
}

/** What was published, the newest first; each beside the draft, and back into it. */
export function Versions({ article: { id }, language, draft, translation, onClose }: Props) {
  const [chosen, setChosen] = useState<number | undefined>(translation.published?.number)
  const params = { id, language }
  const versions = useInfiniteQuery({
    queryKey: ['articles', 'versions', id, language],
    queryFn: ({ pageParam, signal }) => api.articles.listVersions({ params, query: { after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    meta: { subjectId: id },
  })
  const lines = versions.data?.pages.flatMap(({ items }) => items)
  const who = useWho(...(lines ?? []).map(({ by }) => by))
  return (
    <Dialog title={t('articles.versions')} wide onClose={onClose}>
      <div className="stack">
        {versions.isPending && <Waiting />}
        {versions.isError && <Failed error={versions.error} retry={() => void versions.refetch()} />}
        {lines?.length === 0 && <p className="quiet">{t('articles.noVersions')}</p>}
        {lines && lines.length > 0 && (
          <ul className="ar-versions" aria-label={t('articles.versions')}>
            {lines.map(({ number, at, by }) => (
              <li key={number}>
                <button
                  type="button"
                  className="ar-version"
                  aria-pressed={chosen === number}
                  onClick={() => setChosen(number)}
                >
                  <span>{t('articles.version', { number })}</span>
                  <span className="quiet">
                    {moment(at)}, {who(by)}
                  </span>
                  {translation.published?.number === number && (
                    <span className="badge" data-tone="good">
                      {t('articles.readersSee')}
                    </span>
                  )}
                </button>
              </li>
            ))}
          </ul>
        )}
        <More {...versions} />
        {chosen !== undefined && <Chosen {...params} number={chosen} draft={draft} onClose={onClose} />}
      </div>
    </Dialog>
  )
}

type ChosenProps = { id: string; language: Language; number: number; draft: ArticleDraft; onClose: () => void }

function Chosen({ id, language, number, draft, onClose }: ChosenProps) {
  const mayWrite = useMay('articles.write')
  const params = { id, language, number }
  const version = useQuery({
    queryKey: ['article-version', params],
    queryFn: ({ signal }) => api.articles.getVersion({ params, signal }),
    staleTime: Infinity,
  })
  if (version.isError) return <Failed error={version.error} retry={() => void version.refetch()} />
  if (!version.data) return <Waiting />
  const differs = parts.some((name) => version.data[name] !== draft.content[name])
  const restore = async () => {
    if (draft.revision === null) return
    const before = draft.content
    try {
      const back = await api.articles.restore({ params, body: { revision: draft.revision } })
      keepTranslation(id, back)
      draft.replace(back)
      say(t('articles.wasRestored', { number }), () => draft.edit(before))
      onClose()
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <section className="stack" aria-label={t('articles.fromVersion', { number })}>
      <h3>{t('articles.fromVersion', { number })}</h3>
      <Difference before={version.data} after={draft.content} />
      {mayWrite && differs && (
        <div className="dialog-foot">
          <button type="button" className="button" data-tone="accent" onClick={() => void restore()}>
            {t('articles.restore', { number })}
          </button>
        </div>
      )}
    </section>
  )
}
