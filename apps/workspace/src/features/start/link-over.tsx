import { Link } from '@tanstack/react-router'
import { Failed } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { Frame, Languages } from './frame.tsx'

/** A link from a mail that opens nothing, and what leads on: the way to a new one unless `children` says otherwise. */
export function LinkOver({ error, children = t('start.askAgain') }: { error: Error; children?: string }) {
  return (
    <Frame narrow title={t('start.linkGone')} foot={<Languages />}>
      <Failed error={error} />
      <p>
        <Link to="/sign-in">{children}</Link>
      </p>
    </Frame>
  )
}
