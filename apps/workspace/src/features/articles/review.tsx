import type { Article, ArticleTranslation, Language } from '@lahko/contract'
import { Dialog } from '../../platform/dialog.tsx'
import { Banner } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { AskReview } from './ask-review.tsx'
import { DecideReview } from './decide-review.tsx'
import { ReviewHistory } from './review-history.tsx'
import { useSelf } from './self.ts'
import { mayDecide, waitsFor } from './states.ts'
import type { ArticleDraft } from './use-article-draft.ts'

export type ReviewProps = {
  article: Article
  language: Language
  draft: ArticleDraft
  translation: ArticleTranslation
  onClose: () => void
}

/** A colleague looks at the draft: who is asked decides, everybody else asks; below it what was said before. */
export function Review(props: ReviewProps) {
  const { article, language, translation } = props
  const self = useSelf()
  const mayWrite = useMay('articles.write')
  const isOpen = translation.published === null || translation.changed
  const decides = isOpen && mayDecide(translation, self)
  const mustDecide = decides && (waitsFor(translation, self) || translation.review?.state === 'asked')
  return (
    <Dialog title={t('upkeep.review')} wide onClose={props.onClose}>
      <div className="stack">
        {!isOpen && (
          <Banner>
            <p>{t('upkeep.nothingNew')}</p>
          </Banner>
        )}
        {decides && <DecideReview {...props} />}
        {isOpen && mayWrite && !mustDecide && <AskReview {...props} />}
        <ReviewHistory id={article.id} language={language} />
      </div>
    </Dialog>
  )
}
