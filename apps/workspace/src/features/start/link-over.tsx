import { Link } from '@tanstack/react-router'
import { Failed } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { Frame, Languages } from './frame.tsx'

/** A link from a mail that opens nothing, and the way to a new one. */
export function LinkOver({ error }: { error: Error }) {
  return (
    <Frame narrow title={t('start.linkGone')} foot={<Languages />}>
      <Failed error={error} />
      <p>
        <Link to="/sign-in">{t('start.askAgain')}</Link>
      </p>
    </Frame>
  )
}
