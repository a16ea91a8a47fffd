import type { Language, SynonymGroup } from '@lahko/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useAction } from '../../platform/actions.ts'
import { api } from '../../platform/api.ts'
import { list as listed } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useRowKeys } from '../../platform/row-keys.ts'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { language as ownLanguage, t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { useMay, useTitle } from '../shell/me.ts'
import { ArticleParts } from './article-parts.tsx'
import { EditSynonyms } from './edit-synonyms.tsx'
import './features.css'
import { LanguageChips } from './language-chips.tsx'
import { removeSynonyms, type Writing } from './synonym-data.ts'
import { SynonymsText } from './synonyms-text.tsx'

const route = getRouteApi('/inside/articles/synonyms')

/** Words that mean the same to the company: a question with one of them finds what has another. */
export function SynonymsPage() {
  useTitle(t('articles.synonyms'))
  useRowKeys()
  const mayWrite = useMay('articles.write')
  const { language = ownLanguage() } = route.useSearch()
  const navigate = route.useNavigate()
  const [edited, setEdited] = useState<Writing>()
  const add = () => setEdited({ language, words: [] })
  useAction(
    mayWrite
      ? { id: 'synonyms.new', group: t('articles.synonyms'), name: t('articles.newSynonyms'), keys: 'c', run: add }
      : null,
  )
  return (
    <div className="p-page ar">
      <div className="p-head">
        <h1>{t('articles.synonyms')}</h1>
        {mayWrite && (
          <div className="buttons">
            <SynonymsText language={language} />
            <button type="button" className="button" data-tone="accent" aria-keyshortcuts="c" onClick={add}>
              <Icon name="plus" /> {t('articles.newSynonyms')}
            </button>
          </div>
        )}
      </div>
      <ArticleParts />
      <p className="quiet">{t('articles.synonymsMean')}</p>
      <LanguageChips
        chosen={language}
        onChoose={(one) => void navigate({ search: { language: one }, replace: true })}
      />
      <Groups language={language} onEdit={mayWrite ? setEdited : undefined} />
      {edited && (
        <EditSynonyms
          given={edited}
          onSaved={(takeBack, words) =>
            say(t('articles.synonymsSaved', { words: listed(words) }), () => void takeBack().catch(sayFailure))
          }
          onClose={() => setEdited(undefined)}
        />
      )}
    </div>
  )
}

type GroupsProps = { language: Language; onEdit: ((group: Writing) => void) | undefined }

function Groups({ language, onEdit }: GroupsProps) {
  const list = useInfiniteQuery({
    queryKey: ['synonyms', 'list', language],
    queryFn: ({ pageParam, signal }) => api.synonyms.list({ query: { language, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const rows = list.data?.pages.flatMap(({ items }) => items)
  return (
    <>
      {list.isError && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Waiting lines={4} />}
      {rows?.length === 0 && (
        <Empty icon="merge" title={t('articles.noSynonyms')}>
          {t('articles.noSynonymsWhy')}
        </Empty>
      )}
      <ul className="rows">
        {rows?.map((group) => (
          <Row key={group.id} group={group} onEdit={onEdit} />
        ))}
      </ul>
      <More {...list} />
    </>
  )
}

function Row({ group, onEdit }: { group: SynonymGroup; onEdit: GroupsProps['onEdit'] }) {
  const words = listed(group.words)
  return (
    <li className="row ar-question">
      {onEdit ? (
        <button type="button" className="row-title" lang={group.language} onClick={() => onEdit(group)}>
          {words}
        </button>
      ) : (
        <strong lang={group.language}>{words}</strong>
      )}
      {onEdit && (
        <span className="row-end">
          <button
            type="button"
            className="button"
            data-size="small"
            data-tone="plain"
            aria-label={t('articles.removeWhich', { words })}
            onClick={() => void removeSynonyms(group)}
          >
            {t('articles.remove')}
          </button>
        </span>
      )}
    </li>
  )
}
