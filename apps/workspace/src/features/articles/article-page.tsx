import type { Article, ArticleTranslation, Language } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useMay, useTitle } from '../shell/me.ts'
import { articleQuery, translationQuery } from './article-data.ts'
import { ArticleBar } from './article-bar.tsx'
import { Conflict } from './conflict.tsx'
import { EditFields } from './edit-fields.tsx'
import './editor.css'
import './features.css'
import { Leaving } from './leaving.tsx'
import { NotKept } from './not-kept.tsx'
import { Original } from './original.tsx'
import { Preview } from './preview.tsx'
import type { Mode } from './modes.ts'
import { ArticleConcerns } from './review-state.tsx'
import { lineIn } from './states.ts'
import { useArticleDraft } from './use-article-draft.ts'

const route = getRouteApi('/inside/articles/$id/$language')

/** One language of an article: written, looked at, published; beside its original where it is a translation. */
export function ArticlePage() {
  const { id, language } = route.useParams()
  const article = useQuery(articleQuery(id))
  const isWritten = article.data !== undefined && lineIn(article.data, language) !== undefined
  const translation = useQuery({ ...translationQuery(id, language), enabled: isWritten })
  const failed = article.isError ? article : translation.isError ? translation : undefined
  if (failed && !(article.data && translation.data)) {
    return (
      <div className="p-page ar">
        <Failed error={failed.error} retry={() => void failed.refetch()} />
      </div>
    )
  }
  if (!article.data || (isWritten && !translation.data)) return <Waiting lines={8} />
  return (
    <Editing
      key={`${id} ${language}`}
      article={article.data}
      language={language}
      translation={isWritten ? translation.data : undefined}
    />
  )
}

type Props = { article: Article; language: Language; translation: ArticleTranslation | undefined }

function Editing({ article, language, translation }: Props) {
  const draft = useArticleDraft({ article, language, translation })
  const mayWrite = useMay('articles.write')
  const { content } = draft
  const isTranslation = language !== article.mainLanguage
  const [mode, setMode] = useState<Mode>(mayWrite ? 'rich' : 'preview')
  const [beside, setBeside] = useState(isTranslation)
  useTitle(content.title || t('articles.untitled'))
  return (
    <div className="ae" data-beside={(isTranslation && beside) || undefined}>
      <h1 className="visually-hidden">{content.title || t('articles.untitled')}</h1>
      <ArticleBar
        {...{ article, language, translation, draft, mode }}
        onMode={setMode}
        beside={isTranslation ? beside : undefined}
        onBeside={setBeside}
      />
      {isTranslation && beside && <Original article={article} translation={translation} />}
      <div className="ae-text">
        <NotKept draft={draft} />
        <ArticleConcerns {...{ article, language, translation }} />
        {draft.theirs && <Conflict draft={draft} />}
        {mode === 'preview' ? (
          <Preview content={content} language={language} />
        ) : (
          <EditFields {...{ article, language, draft, mode }} onMode={setMode} />
        )}
      </div>
      <Leaving draft={draft} />
    </div>
  )
}
