import type { Language, Macro } from '@lahko/contract'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { FindField } from '../../platform/find-field.tsx'
import { ago, moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { language as ownLanguage, languageNames, t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { useMay } from '../shell/me.ts'
import { EditMacro } from './edit-macro.tsx'
import './features.css'
import { inWords } from './in-words.ts'
import { removeMacro, type Writing } from './macro-data.ts'

/** Canned answers, with what else is done when one is used. */
export function Macros() {
  const mayShare = useMay('tickets.manage')
  const [search, setSearch] = useState<string>()
  const [edited, setEdited] = useState<Writing>()
  const list = useInfiniteQuery({
    queryKey: ['macros', 'list', search],
    queryFn: ({ pageParam, signal }) => api.macros.list({ query: { search, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const rows = list.data?.pages.flatMap(({ items }) => items)
  return (
    <div className="se-form">
      <h1>{t('accounts.part.macros')}</h1>
      <p className="quiet">{t('macros.are')}</p>
      <div className="buttons">
        <button
          className="button"
          data-tone="accent"
          type="button"
          onClick={() => setEdited({ name: '', shared: mayShare, texts: {}, actions: {} })}
        >
          <Icon name="plus" /> {t('macros.new')}
        </button>
      </div>
      <search>
        <FindField id="find-macros" name={t('macros.find')} text={search} onFind={setSearch} />
      </search>
      {list.isError && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Waiting lines={4} />}
      {rows?.length === 0 && <Nothing searched={search !== undefined} />}
      <ul className="rows" aria-busy={list.isPlaceholderData}>
        {rows?.map((macro) => (
          <Row key={macro.id} macro={macro} mayChange={mayShare || !macro.shared} onEdit={() => setEdited(macro)} />
        ))}
      </ul>
      <More {...list} />
      {edited && <EditMacro given={edited} mayShare={mayShare} onClose={() => setEdited(undefined)} />}
    </div>
  )
}

function Nothing({ searched }: { searched: boolean }) {
  if (searched) return <p className="quiet">{t('macros.noSuch')}</p>
  return (
    <Empty icon="bolt" title={t('macros.none')}>
      {t('macros.noneWhy')}
    </Empty>
  )
}

function Row({ macro, mayChange, onEdit }: { macro: Macro; mayChange: boolean; onEdit: () => void }) {
  const now = useNow()
  const { name, texts, used, usedAt, shared, actions } = macro
  const own = ownLanguage()
  const all = Object.keys(languageNames) as Language[]
  const written = [own, ...all.filter((one) => one !== own)].filter((one) => texts[one])
  const shown = written[0] ?? 'en'
  return (
    <li className="row mc-row">
      <span className="row-lead">
        <Icon name="bolt" />
      </span>
      <span className="mc-words">
        <strong>{name}</strong> {!shared && <span className="badge">{t('macros.own')}</span>}
        <span className="row-text mc-text" lang={shown}>
          {texts[shown]}
        </span>
        <span className="row-text">
          {[
            written.map((one) => languageNames[one]).join(', '),
            ...inWords(actions),
            t('macros.used', { count: used }),
          ].join(' · ')}
          {usedAt && (
            <>
              {' · '}
              <time dateTime={usedAt} title={moment(usedAt)}>
                {t('macros.lastUsed', { when: ago(usedAt, now) })}
              </time>
            </>
          )}
        </span>
      </span>
      {mayChange && (
        <span className="row-end cluster">
          <button
            type="button"
            className="button"
            data-size="small"
            aria-label={t('macros.changeWhich', { name })}
            onClick={onEdit}
          >
            {t('macros.change')}
          </button>
          <button
            type="button"
            className="button"
            data-size="small"
            data-tone="plain"
            aria-label={t('macros.removeWhich', { name })}
            onClick={() => void removeMacro(macro)}
          >
            {t('macros.remove')}
          </button>
        </span>
      )}
    </li>
  )
}
