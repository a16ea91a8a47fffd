import type { Article, ArticleTranslation, Language } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { languageName, list } from '../../platform/format.ts'
import { Trouble } from '../../platform/states.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { SinceVersion } from './since-version.tsx'
import { keepTranslation, type ArticleDraft } from './use-article-draft.ts'

type Props = {
  article: Article
  language: Language
  draft: ArticleDraft
  translation: ArticleTranslation
  onSchedule: () => void
  onClose: () => void
}

/** What readers will see from now on, beside what they see now. */
export function Publish({ article, language, draft, translation, onSchedule, onClose }: Props) {
  const { published } = translation
  const params = { id: article.id, language }
  const publish = useMutation({
    mutationFn: () => api.articles.publish({ params, body: { revision: draft.revision ?? translation.revision } }),
    onSuccess: (saved) => {
      keepTranslation(article.id, saved)
      say(t('articles.wasPublished', { title: saved.title }))
      onClose()
    },
  })
  const others = article.translations
    .filter((line) => language === article.mainLanguage && line.language !== language && line.published)
    .map((line) => languageName(line.language))
  return (
    <Dialog title={t(published ? 'articles.publishAnew' : 'articles.publish')} wide onClose={onClose}>
      <div className="stack">
        <Trouble error={publish.error} />
        <p>{t(`articles.publishMeans.${article.audience}`, { title: draft.content.title })}</p>
        {others.length > 0 && <p>{t('articles.othersOutdated', { languages: list(others) })}</p>}
        {published && <SinceVersion params={{ ...params, number: published.number }} draft={draft} />}
        <div className="dialog-foot">
          <button type="button" className="button" onClick={onSchedule}>
            {t('articles.schedule')}
          </button>
          <button
            type="button"
            className="button"
            data-tone="accent"
            data-first
            disabled={publish.isPending}
            onClick={() => publish.mutate()}
          >
            {t('articles.publishNow')}
          </button>
        </div>
      </div>
    </Dialog>
  )
}
