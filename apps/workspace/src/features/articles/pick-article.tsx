import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { language, t } from '../../platform/words.ts'
import { PickDialog } from '../inbox/pick-dialog.tsx'
import { fittingQuery } from './article-data.ts'
import { shownLine } from './states.ts'

const longestFind = 200

/** One of all articles, found by its title. */
export function PickArticle({ onPick, onClose }: { onPick: (id: string) => void; onClose: () => void }) {
  const [text, setText] = useState('')
  const typed = text.trim().slice(0, longestFind)
  const { data: found, isPlaceholderData } = useQuery(fittingQuery(typed === '' ? {} : { find: typed }, '', 1))
  const options = (found?.items ?? []).map((article) => ({
    id: article.id,
    name: shownLine(article, language())?.title ?? article.slug,
  }))
  return (
    <PickDialog
      title={t('upkeep.whichArticle')}
      label={t('articles.find')}
      options={options}
      onType={setText}
      waits={isPlaceholderData}
      onPick={(id) => (onClose(), onPick(id))}
      onClose={onClose}
    />
  )
}
