import type { Article, Language } from '@lahko/contract'
import { lazy, Suspense } from 'react'
import { Field } from '../../platform/field.tsx'
import { Banner, Waiting } from '../../platform/states.tsx'
import { number } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import type { Mode } from './modes.ts'
import type { ArticleDraft } from './use-article-draft.ts'
import { useSurvival } from './use-survival.ts'

const RichEditor = lazy(async () => ({ default: (await import('./rich-editor.tsx')).RichEditor }))

/** Search engines and the list of results show about so much. */
const wellRead = 160
const longestSummary = 400
const longestTitle = 160
const longestKeywords = 1000

type Props = {
  article: Article
  language: Language
  draft: ArticleDraft
  mode: Mode
  onMode: (mode: Mode) => void
}

/** Title, summary, what readers may call it, and text, as they are written. */
export function EditFields({ language, draft, mode, onMode }: Props) {
  const { content, edit } = draft
  return (
    <div className="ae-form">
      <Field label={t('articles.title')}>
        {(field) => (
          <textarea
            className="input ae-title"
            rows={1}
            lang={language}
            maxLength={longestTitle}
            value={content.title}
            onChange={({ target }) => edit({ title: target.value.replaceAll(/\s*\n\s*/g, ' ') })}
            {...field}
          />
        )}
      </Field>
      <Field
        label={t('articles.summary')}
        hint={t('articles.summaryHint', {
          count: content.summary.length,
          good: wellRead,
          most: number(longestSummary),
        })}
      >
        {(field) => (
          <textarea
            className="input ae-summary"
            rows={2}
            lang={language}
            maxLength={longestSummary}
            value={content.summary}
            onChange={({ target }) => edit({ summary: target.value.replaceAll(/\s*\n\s*/g, ' ') })}
            {...field}
          />
        )}
      </Field>
      <Field label={t('articles.keywords')} hint={t('articles.keywordsHint')}>
        {(field) => (
          <textarea
            className="input ae-summary"
            rows={2}
            lang={language}
            maxLength={longestKeywords}
            value={content.keywords}
            onChange={({ target }) => edit({ keywords: target.value.replaceAll(/\s*\n\s*/g, ' ') })}
            {...field}
          />
        )}
      </Field>
      <EditBody {...{ language, draft, mode, onMode }} />
    </div>
  )
}

function EditBody({ language, draft, mode, onMode }: Omit<Props, 'article'>) {
  const survival = useSurvival(draft.content.body, language, `${draft.times} ${mode}`, mode === 'rich')
  if (mode === 'rich' && survival.state === 'checking') return <Waiting lines={6} />
  if (mode === 'rich' && survival.state === 'fine') {
    return (
      <Suspense fallback={<Waiting lines={6} />}>
        <RichEditor
          key={draft.times}
          language={language}
          text={draft.content.body}
          onChange={(body) => draft.edit({ body })}
        />
      </Suspense>
    )
  }
  return (
    <>
      {mode === 'rich' && survival.state === 'loses' && (
        <Banner tone="warn">
          <div>
            <p>
              <strong>{t('articles.onlyMarkdown')}</strong>{' '}
              {t(survival.lost ? 'articles.wouldLose' : 'articles.notChecked')}
            </p>
            {survival.lost && <pre className="ae-lost">{survival.lost}</pre>}
          </div>
          <button type="button" className="button" data-size="small" onClick={() => onMode('markdown')}>
            {t('articles.understood')}
          </button>
        </Banner>
      )}
      <Field label={t('articles.body')} hint={t('articles.markdownHint')}>
        {(field) => (
          <textarea
            className="input ae-markdown"
            rows={16}
            lang={language}
            maxLength={100_000}
            value={draft.content.body}
            onChange={({ target }) => draft.edit({ body: target.value })}
            {...field}
          />
        )}
      </Field>
    </>
  )
}
