import type { Collection } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useAction } from '../../platform/actions.ts'
import { FindField } from '../../platform/find-field.tsx'
import { number } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useRowKeys } from '../../platform/row-keys.ts'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useMay, useTitle } from '../shell/me.ts'
import { collectionsQuery, countsQuery, type Counts } from './article-data.ts'
import { ArticleDialogs } from './article-dialogs.tsx'
import { ArticleParts } from './article-parts.tsx'
import { BranchView, ShowMore } from './branch-view.tsx'
import './features.css'
import { useSelf } from './self.ts'
import { filters } from './states.ts'
import { TreeContext, type Asked } from './tree-context.ts'
import { filled, treeOf } from './tree.ts'
import { useOrdering } from './use-ordering.ts'
import { fitting, useShownArticles } from './use-shown-articles.ts'
import { useToday } from './use-today.ts'

const route = getRouteApi('/inside/articles')

/** The knowledge base: collections to three levels, the articles in them, and how each language stands. */
export function ArticlesPage() {
  useTitle(t('articles.articles'))
  const collections = useQuery(collectionsQuery)
  const counts = useQuery(countsQuery(useToday()))
  const [asked, setAsked] = useState<Asked>()
  const failed = [collections, counts].find(({ isError }) => isError)
  const isEmpty = collections.data?.length === 0
  return (
    <div className="p-page ar">
      <Head hasCollections={collections.data !== undefined && !isEmpty} ask={setAsked} />
      <ArticleParts />
      {failed && (
        <Failed error={failed.error} retry={() => void Promise.all([collections.refetch(), counts.refetch()])} />
      )}
      {!failed && !(collections.data && counts.data) && <Waiting lines={8} />}
      {isEmpty && <NoCollections ask={setAsked} />}
      {!isEmpty && collections.data && counts.data && (
        <Tree collections={collections.data} counts={counts.data} ask={setAsked} />
      )}
      <ArticleDialogs asked={asked} collections={collections.data ?? []} onClose={() => setAsked(undefined)} />
    </div>
  )
}

type Asking = { ask: (asked: Asked) => void }

function Head({ hasCollections, ask }: { hasCollections: boolean } & Asking) {
  const mayWrite = useMay('articles.write')
  const mayRead = useMay('insight.read')
  const group = t('articles.articles')
  const newArticle = () => ask({ kind: 'new-article', collectionId: undefined })
  const newCollection = () => ask({ kind: 'new-collection', parentId: null })
  useAction(
    mayWrite && hasCollections
      ? { id: 'articles.new', group, name: t('articles.new'), icon: 'plus', keys: 'c', run: newArticle }
      : null,
  )
  useAction(
    mayWrite
      ? { id: 'articles.collection', group, name: t('articles.newCollection'), icon: 'plus', run: newCollection }
      : null,
  )
  useRowKeys('find-articles')
  return (
    <div className="p-head">
      <h1>{t('articles.articles')}</h1>
      {hasCollections && (
        <div className="buttons">
          {mayRead && (
            <Link className="button" data-tone="plain" to="/articles/solved">
              {t('insight.alone.title')}
            </Link>
          )}
          {mayWrite && (
            <>
              <button type="button" className="button" onClick={newCollection}>
                {t('articles.newCollection')}
              </button>
              <button type="button" className="button" data-tone="accent" aria-keyshortcuts="c" onClick={newArticle}>
                <Icon name="plus" /> {t('articles.new')}
              </button>
            </>
          )}
        </div>
      )}
    </div>
  )
}

function NoCollections({ ask }: Asking) {
  const mayWrite = useMay('articles.write')
  return (
    <Empty
      icon="book"
      title={t('articles.none')}
      action={
        mayWrite && (
          <button
            type="button"
            className="button"
            data-tone="accent"
            onClick={() => ask({ kind: 'new-collection', parentId: null })}
          >
            <Icon name="plus" /> {t('articles.newCollection')}
          </button>
        )
      }
    >
      {t('articles.noneWhy')}
    </Empty>
  )
}

function Tree({ collections, counts, ask }: { collections: Collection[]; counts: Counts } & Asking) {
  const search = route.useSearch()
  const mayWrite = useMay('articles.write')
  const today = useToday()
  const self = useSelf()
  const { articles, failed, isWaiting, narrowed, ...opening } = useShownArticles({ collections, counts, search, today })
  const whole = treeOf(collections, articles, narrowed ? undefined : countsById(counts))
  const tree = narrowed ? filled(whole) : whole
  const { said, ...ordering } = useOrdering(tree, collections, articles)
  return (
    <TreeContext value={{ ...ordering, ...opening, ...{ tree, today, self, mayWrite, narrowed, ask } }}>
      <Narrowing counts={counts} />
      {failed && <Failed error={failed.error} retry={() => void failed.refetch()} />}
      {isWaiting && <Waiting lines={8} />}
      {narrowed && !isWaiting && (
        <p className="quiet" aria-live="polite">
          {foundText(articles.length, opening.hasMore(fitting))}
        </p>
      )}
      {!isWaiting && (
        <ul className="ar-tree">
          {tree.map((branch) => (
            <BranchView key={branch.collection.id} branch={branch} />
          ))}
        </ul>
      )}
      {narrowed && <ShowMore id={fitting} />}
      <span className="visually-hidden" aria-live="polite">
        {said}
      </span>
    </TreeContext>
  )
}

function countsById({ collections }: Counts): Map<string, number> {
  return new Map(collections.map(({ id, count }) => [id, count]))
}

function foundText(count: number, more: boolean): string {
  if (count === 0) return t('articles.noSuch')
  return t(more ? 'articles.foundFirst' : 'articles.found', { count })
}

/** The server counts no further. */
const mostCounted = 1_000

function Narrowing({ counts: { states } }: { counts: Counts }) {
  const { find, filter } = route.useSearch()
  const navigate = route.useNavigate()
  return (
    <search className="ar-narrow">
      <FindField
        id="find-articles"
        name={t('articles.find')}
        text={find}
        onFind={(text) => void navigate({ search: (before) => ({ ...before, find: text }), replace: true })}
      />
      <fieldset className="chips" aria-label={t('articles.only')}>
        {filters.map((one) => {
          const count = states[one]
          return (
            <button
              key={one}
              type="button"
              className="chip"
              data-size="small"
              aria-pressed={filter === one}
              onClick={() =>
                void navigate({
                  search: (before) => ({ ...before, filter: filter === one ? undefined : one }),
                  replace: true,
                })
              }
            >
              {t(`articles.filter.${one}`)}{' '}
              <span className="count">{count < mostCounted ? number(count) : `${number(mostCounted)}+`}</span>
            </button>
          )
        })}
      </fieldset>
    </search>
  )
}
