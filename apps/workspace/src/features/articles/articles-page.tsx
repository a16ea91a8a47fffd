import type { Article, Collection } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useAction } from '../../platform/actions.ts'
import { FindField } from '../../platform/find-field.tsx'
import { number } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useRowKeys } from '../../platform/row-keys.ts'
import { Banner, Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useMay, useTitle } from '../shell/me.ts'
import { allArticlesQuery, collectionsQuery, type AllArticles } from './article-data.ts'
import { ArticleDialogs } from './article-dialogs.tsx'
import { ArticleParts } from './article-parts.tsx'
import { BranchView } from './branch-view.tsx'
import './features.css'
import { filters, fits } from './states.ts'
import { TreeContext, type Asked } from './tree-context.ts'
import { filled, treeOf } from './tree.ts'
import { useOrdering } from './use-ordering.ts'
import { useToday } from './use-today.ts'

const route = getRouteApi('/inside/articles')

/** The knowledge base: collections to three levels, the articles in them, and how each language stands. */
export function ArticlesPage() {
  useTitle(t('articles.articles'))
  const collections = useQuery(collectionsQuery)
  const articles = useQuery(allArticlesQuery)
  const [asked, setAsked] = useState<Asked>()
  const failed = [collections, articles].find(({ isError }) => isError)
  const isEmpty = collections.data?.length === 0
  return (
    <div className="p-page ar">
      <Head hasCollections={collections.data !== undefined && !isEmpty} ask={setAsked} />
      <ArticleParts />
      {failed && (
        <Failed error={failed.error} retry={() => void Promise.all([collections.refetch(), articles.refetch()])} />
      )}
      {!failed && !(collections.data && articles.data) && <Waiting lines={8} />}
      {isEmpty && <NoCollections ask={setAsked} />}
      {!isEmpty && collections.data && articles.data && (
        <Tree collections={collections.data} all={articles.data} ask={setAsked} />
      )}
      <ArticleDialogs asked={asked} collections={collections.data ?? []} onClose={() => setAsked(undefined)} />
    </div>
  )
}

type Asking = { ask: (asked: Asked) => void }

function Head({ hasCollections, ask }: { hasCollections: boolean } & Asking) {
  const mayWrite = useMay('articles.write')
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
      {mayWrite && hasCollections && (
        <div className="buttons">
          <button type="button" className="button" onClick={newCollection}>
            {t('articles.newCollection')}
          </button>
          <button type="button" className="button" data-tone="accent" aria-keyshortcuts="c" onClick={newArticle}>
            <Icon name="plus" /> {t('articles.new')}
          </button>
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

function Tree({ collections, all, ask }: { collections: Collection[]; all: AllArticles } & Asking) {
  const { find, filter } = route.useSearch()
  const mayWrite = useMay('articles.write')
  const today = useToday()
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const narrowed = find !== undefined || filter !== undefined
  const shown = all.items.filter((article) => fits(article, { find, filter }, today))
  const whole = treeOf(collections, shown)
  const tree = narrowed ? filled(whole) : whole
  const { said, ...ordering } = useOrdering(tree, collections, all.items)
  const toggle = (id: string) =>
    setClosed((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]))
  return (
    <TreeContext
      value={{ ...ordering, ...{ tree, today, mayWrite, narrowed, ask, toggle }, isClosed: (id) => closed.has(id) }}
    >
      <Narrowing articles={all.items} today={today} />
      {all.more && (
        <Banner tone="warn">
          <p>{t('articles.tooMany', { count: number(all.items.length) })}</p>
        </Banner>
      )}
      {narrowed && (
        <p className="quiet" aria-live="polite">
          {shown.length === 0 ? t('articles.noSuch') : t('articles.found', { count: shown.length })}
        </p>
      )}
      <ul className="ar-tree">
        {tree.map((branch) => (
          <BranchView key={branch.collection.id} branch={branch} />
        ))}
      </ul>
      <span className="visually-hidden" aria-live="polite">
        {said}
      </span>
    </TreeContext>
  )
}

function Narrowing({ articles, today }: { articles: readonly Article[]; today: string }) {
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
          const count = articles.filter((article) => fits(article, { filter: one }, today)).length
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
              {t(`articles.filter.${one}`)} <span className="count">{number(count)}</span>
            </button>
          )
        })}
      </fieldset>
    </search>
  )
}
