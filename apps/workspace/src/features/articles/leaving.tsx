import { useBlocker } from '@tanstack/react-router'
import { Dialog } from '../../platform/dialog.tsx'
import { t } from '../../platform/words.ts'
import type { ArticleDraft } from './use-article-draft.ts'

/** Whoever leaves keeps what they wrote; where that fails, they are asked. */
export function Leaving({ draft }: { draft: ArticleDraft }) {
  const { state, flush } = draft
  const isKept = state === 'kept'
  const blocker = useBlocker({
    shouldBlockFn: async ({ current, next }) => current.pathname !== next.pathname && !(await flush()),
    enableBeforeUnload: () => !isKept,
    disabled: isKept,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  return (
    <Dialog title={t('articles.leaving')} onClose={blocker.reset}>
      <div className="stack">
        <p>{t(state === 'untitled' ? 'articles.leavingUntitled' : 'articles.leavingMeans')}</p>
        <div className="dialog-foot">
          <button type="button" className="button" data-tone="bad" onClick={blocker.proceed}>
            {t('articles.leaveAnyway')}
          </button>
          <button type="button" className="button" data-tone="accent" data-first onClick={blocker.reset}>
            {t('articles.stay')}
          </button>
        </div>
      </div>
    </Dialog>
  )
}
