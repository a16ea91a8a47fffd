import { sayProblem } from '../../platform/api.ts'
import { Banner } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import type { ArticleDraft } from './use-article-draft.ts'

/** What was written and is not on the server, and why. */
export function NotKept({ draft }: { draft: ArticleDraft }) {
  if (draft.state === 'untitled') {
    return (
      <Banner tone="warn">
        <p>{t('articles.needsTitle')}</p>
      </Banner>
    )
  }
  if (draft.state !== 'failed') return null
  return (
    <Banner tone="bad" alert>
      <p>
        <strong>{t('articles.notKept')}</strong> {sayProblem(draft.error)}
      </p>
      <button className="button" data-size="small" type="button" onClick={() => void draft.flush()}>
        {t('shell.tryAgain')}
      </button>
    </Banner>
  )
}
