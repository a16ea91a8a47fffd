import { useInfiniteQuery } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { ago } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { languageNames, t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { useMay } from '../shell/me.ts'
import { unsettleQuestion } from './settling.ts'
import { useWho } from './who.ts'

/** Questions about which something was done, each of which can be put back. */
export function SettledQuestions() {
  const mayWrite = useMay('articles.write')
  const now = useNow()
  const list = useInfiniteQuery({
    queryKey: ['searches', 'settled'],
    queryFn: ({ pageParam, signal }) => api.searches.listSettled({ query: { after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const rows = list.data?.pages.flatMap(({ items }) => items)
  const nameOf = useWho(...(rows ?? []).map(({ by }) => by))
  return (
    <>
      {list.isError && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Waiting lines={4} />}
      {rows?.length === 0 && <p className="quiet">{t('articles.nothingSettled')}</p>}
      <ul className="rows">
        {rows?.map(({ id, words, language, outcome, by, at }) => (
          <li key={id} className="row">
            <span className="row-lead">
              <Icon name={outcome === 'dismissed' ? 'cross' : 'check'} />
            </span>
            <span className="ar-asked">
              <strong lang={language}>{words}</strong>
              <span className="row-text">
                {[languageNames[language], t(`articles.outcome.${outcome}`), nameOf(by), ago(at, now)].join(' · ')}
              </span>
            </span>
            {mayWrite && (
              <span className="row-end">
                <button
                  type="button"
                  className="button"
                  data-size="small"
                  aria-label={t('articles.putBackWhich', { words })}
                  onClick={() => void unsettleQuestion(id)}
                >
                  {t('articles.putBack')}
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
      <More {...list} />
    </>
  )
}
