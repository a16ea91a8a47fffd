import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import type { Language } from '@lahko/contract'
import { api } from '../../platform/api.ts'
import { SelectField } from '../../platform/field.tsx'
import { useNow } from '../../platform/now.ts'
import { useRowKeys } from '../../platform/row-keys.ts'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { language as ownLanguage, t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { firstDay } from '../programmes/ledger-search.ts'
import { useMe, useTitle } from '../shell/me.ts'
import { collectionsQuery } from './article-data.ts'
import { ArticleParts } from './article-parts.tsx'
import './features.css'
import { LanguageChips } from './language-chips.tsx'
import { SettledQuestions } from './settled-questions.tsx'
import { UnfoundDialogs, type Doing } from './unfound-dialogs.tsx'
import { UnfoundRow } from './unfound-row.tsx'
import { spans, type Span, type UnfoundSearch } from './unfound-search.ts'

const route = getRouteApi('/inside/articles/unfound')

/** What readers look for and do not find, the most often and the hardest first. */
export function UnfoundPage() {
  useTitle(t('articles.unfound'))
  useRowKeys()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { language = ownLanguage(), settled } = search
  const put = (part: Partial<UnfoundSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true })
  return (
    <div className="p-page ar">
      <div className="p-head">
        <h1>{t('articles.unfound')}</h1>
      </div>
      <ArticleParts />
      <p className="quiet">{t('articles.unfoundMeans')}</p>
      <div className="ar-narrow">
        <div className="ar-chips">
          {!settled && <LanguageChips chosen={language} onChoose={(one) => put({ language: one })} />}
          <button
            type="button"
            className="chip"
            data-size="small"
            aria-pressed={settled === 'yes'}
            onClick={() => put({ settled: settled ? undefined : 'yes' })}
          >
            {t('articles.dealtWith')}
          </button>
        </div>
        {!settled && (
          <div className="ar-period">
            <SelectField
              label={t('articles.askedIn')}
              value={search.days ?? '90'}
              options={spans.map((days) => [days, t('programmes.lastDays', { count: Number(days) })] as const)}
              onChange={(days) => put({ days })}
            />
          </div>
        )}
      </div>
      {settled ? <SettledQuestions /> : <Questions language={language} days={search.days ?? '90'} />}
    </div>
  )
}

function Questions({ language, days }: { language: Language; days: Span }) {
  const { workspace } = useMe()
  const from = firstDay(days, workspace.timeZone, useNow())
  const [doing, setDoing] = useState<Doing>()
  const collections = useQuery(collectionsQuery)
  const list = useInfiniteQuery({
    queryKey: ['searches', 'unfound', language, from],
    queryFn: ({ pageParam, signal }) =>
      api.searches.listUnfound({ query: { language, from, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const rows = list.data?.pages.flatMap(({ items }) => items)
  return (
    <>
      {list.isError && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Waiting lines={5} />}
      {rows?.length === 0 && (
        <Empty icon="search" title={t('articles.allFound')}>
          {t('articles.allFoundWhy')}
        </Empty>
      )}
      <ul className="rows">
        {rows?.map((one) => (
          <UnfoundRow key={one.question} one={one} language={language} onDo={setDoing} />
        ))}
      </ul>
      <More {...list} />
      <UnfoundDialogs doing={doing} collections={collections.data ?? []} onClose={() => setDoing(undefined)} />
    </>
  )
}
