import type { Language } from '@lahko/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { Banner, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import type { Content } from './use-article-draft.ts'

/** The text as its page will show it. */
export function Preview({ content, language }: { content: Content; language: Language }) {
  const { title, summary, body } = content
  const page = useQuery({
    queryKey: ['article-preview', language, body],
    queryFn: ({ signal }) => api.articles.preview({ body: { language, body }, signal }),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  })
  const isEmpty = title + summary + body === ''
  return (
    <section className="ae-preview" aria-label={t('articles.mode.preview')} lang={language}>
      {isEmpty && <p className="quiet">{t('articles.nothingWritten')}</p>}
      <p className="ae-page-title">{title}</p>
      {summary && <p className="ae-lead">{summary}</p>}
      {page.data && body !== '' && <p className="quiet">{t('articles.minutes', { count: page.data.minutes })}</p>}
      {page.data && page.data.pictures.length > 0 && (
        <Banner tone="warn">
          <p>{t('articles.picturesNotShown', { count: page.data.pictures.length })}</p>
        </Banner>
      )}
      {page.isError && <Failed error={page.error} retry={() => void page.refetch()} />}
      {page.isPending && <Waiting lines={6} />}
      {page.data && <Rendered html={page.data.html} />}
    </section>
  )
}

/** HTML that the server has rendered and sanitised, as it does for the page itself. */
function Rendered({ html }: { html: string }) {
  return <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />
}
