import type { Ticket } from '@lahko/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { languageName } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { articleLink, readingLanguage } from '../articles/linking.ts'
import { useMay, useMe } from '../shell/me.ts'
import { PickDialog } from './pick-dialog.tsx'
import { pick } from './picking.ts'

type Props = { ticket: Ticket; onPick: (text: string) => void; onClose: () => void }

/** A published article whose title and link go into the text; those that fit the subject are offered first. */
export function InsertArticle({ ticket, onPick, onClose }: Props) {
  const [text, setText] = useState('')
  const { origin } = useMe()
  const mayWrite = useMay('articles.write')
  const language = readingLanguage(ticket.language)
  const q = (text.trim() || ticket.subject).slice(0, 300)
  const found = useQuery({
    queryKey: ['articles', 'found', q, language],
    queryFn: async ({ signal }) => {
      const query = { q, language, limit: 10, typing: text === '' ? 'false' : 'true' }
      return (await api.articles.search({ query, signal })).items
    },
    enabled: q !== '',
    placeholderData: keepPreviousData,
  })
  const items = q === '' ? [] : (found.data ?? [])
  return (
    <PickDialog
      title={t('articles.insertTool')}
      label={t('articles.inWords')}
      options={items.map((item) => ({
        id: item.articleId,
        name: item.title,
        hint: item.language === language ? item.summary.slice(0, 80) : languageName(item.language),
      }))}
      onType={setText}
      waits={found.isPlaceholderData}
      onPick={(id) => {
        const item = items.find(({ articleId }) => articleId === id)
        onClose()
        if (item) onPick(articleLink(item, origin))
      }}
      onClose={onClose}
    >
      <p className="quiet">{t('articles.insertHint')}</p>
      <button
        type="button"
        className="button"
        data-size="small"
        data-tone="plain"
        onClick={() => (onClose(), pick('gap', [ticket.id]))}
      >
        {t('upkeep.report')}
      </button>
      {found.isSuccess && items.length === 0 && (
        <div className="cluster">
          <span>{t('articles.noneFits')}</span>
          {mayWrite && (
            <button
              type="button"
              className="button"
              data-size="small"
              onClick={() => (onClose(), pick('article', [ticket.id]))}
            >
              {t('articles.fromTicket')}
            </button>
          )}
        </div>
      )}
    </PickDialog>
  )
}
