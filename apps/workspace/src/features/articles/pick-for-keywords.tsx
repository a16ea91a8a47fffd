import type { ArticleTranslation, Language } from '@lahko/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { sayFailure } from '../../platform/toasts.tsx'
import { languageNames, t } from '../../platform/words.ts'
import { PickDialog } from '../inbox/pick-dialog.tsx'
import { plainWords, settleQuestion, type Question } from './settling.ts'
import { keepTranslation } from './use-article-draft.ts'

/** Chooses the article that answers a question, and writes its words there among those by which it is found. */
export function PickForKeywords({ question, onClose }: { question: Question; onClose: () => void }) {
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const q = typed.trim() || plainWords(question.words)
  const found = useQuery({
    queryKey: ['articles', 'for-keywords', question.language, q],
    queryFn: ({ signal }) =>
      api.articles.search({
        query: { q, language: question.language, typing: typed === '' ? 'false' : 'true' },
        signal,
      }),
    placeholderData: keepPreviousData,
  })
  const items = found.data?.items ?? []
  const take = async (id: string) => {
    const article = items.find((one) => one.articleId === id)
    if (!article) return
    onClose()
    try {
      const takeBack = await addKeywords(id, article.language, plainWords(question.words))
      await settleQuestion(question, 'keywords', takeBack)
      await navigate({ to: '/articles/$id/$language', params: { id, language: article.language } })
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <PickDialog
      title={t('articles.whichAnswers', { words: question.words })}
      label={t('articles.inWords')}
      options={items.map(({ articleId: id, title, language }) => ({
        ...{ id, name: title, icon: 'book' as const },
        ...(language !== question.language && { hint: languageNames[language] }),
      }))}
      onType={setTyped}
      waits={found.isPlaceholderData}
      onPick={(id) => void take(id)}
      onClose={onClose}
    >
      <p className="quiet">{t('articles.keywordsThen')}</p>
    </PickDialog>
  )
}

/** Adds words to those by which an article is found. @returns how to take it back, while nobody has written since */
async function addKeywords(id: string, language: Language, words: string): Promise<() => Promise<unknown>> {
  const params = { id, language }
  const before = await api.articles.getTranslation({ params })
  const keywords = [before.keywords.trim(), words].filter(Boolean).join(', ')
  const saved = await api.articles.saveDraft({ params, body: { ...contentOf(before), keywords } })
  keepTranslation(id, saved)
  return async () => {
    const again = await api.articles.saveDraft({ params, body: { ...contentOf(before), revision: saved.revision } })
    keepTranslation(id, again)
  }
}

function contentOf({ title, summary, keywords, body, revision }: ArticleTranslation) {
  return { title, summary, keywords, body, revision }
}
