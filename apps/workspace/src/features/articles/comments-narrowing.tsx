import { voteReasons } from '@lahko/contract/article-votes'
import { languages } from '@lahko/contract/values'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { SelectField } from '../../platform/field.tsx'
import { Filters } from '../../platform/filters.tsx'
import { language as ownLanguage, languageNames, t } from '../../platform/words.ts'
import { articleQuery } from './article-data.ts'
import { PickArticle } from './pick-article.tsx'
import { shownLine } from './states.ts'
import type { CommentsOnly } from './votes-search.ts'

type Narrowing = { only: CommentsOnly; onNarrow: (only: CommentsOnly) => void }

/** What narrows the list of comments. */
export function CommentsNarrowing({ only, onNarrow }: Narrowing) {
  const on = [only.article, only.language, only.reason].filter((one) => one !== undefined).length
  return (
    <Filters on={on} className="ar-comments-only">
      <SelectField
        label={t('upkeep.byReason')}
        value={only.reason ?? ''}
        options={[
          ['', t('upkeep.any')],
          ...voteReasons.map((reason) => [reason, t(`upkeep.reason.${reason}`)] as const),
        ]}
        onChange={(reason) => onNarrow({ ...only, reason: reason === '' ? undefined : reason })}
      />
      <SelectField
        label={t('upkeep.byLanguage')}
        value={only.language ?? ''}
        options={[['', t('upkeep.any')], ...languages.map((one) => [one, languageNames[one]] as const)]}
        onChange={(language) => onNarrow({ ...only, language: language === '' ? undefined : language })}
      />
      <ByArticle only={only} onNarrow={onNarrow} />
    </Filters>
  )
}

/** One article of all, or all of them again. */
function ByArticle({ only, onNarrow }: Narrowing) {
  const [picking, setPicking] = useState(false)
  const { data } = useQuery({ ...articleQuery(only.article ?? ''), enabled: only.article !== undefined })
  const title = data && (shownLine(data, ownLanguage())?.title ?? data.slug)
  return (
    <div className="ar-chips">
      <button type="button" className="chip" aria-pressed={only.article !== undefined} onClick={() => setPicking(true)}>
        {only.article === undefined ? t('upkeep.oneArticle') : (title ?? t('upkeep.oneArticle'))}
      </button>
      {only.article !== undefined && (
        <button
          type="button"
          className="button"
          data-tone="plain"
          onClick={() => onNarrow({ ...only, article: undefined })}
        >
          {t('upkeep.allArticles')}
        </button>
      )}
      {picking && (
        <PickArticle onPick={(article) => onNarrow({ ...only, article })} onClose={() => setPicking(false)} />
      )}
    </div>
  )
}
