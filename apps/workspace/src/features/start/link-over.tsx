import { Link } from '@tanstack/react-router'
import { problemOf, sayProblem } from '../../platform/api.ts'
import { Failed } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { Frame, Languages } from './frame.tsx'

/**
 * A link from a mail that opens nothing, and what leads on: the way to a new one unless `children` says otherwise.
 *
 * @param why whom to ask for another, where nobody gets one alone
 */
export function LinkOver(props: { error: Error; why?: string; children?: string }) {
  const { error, why, children = t('start.askAgain') } = props
  // Of a server that is away nobody learns whether the link still works.
  if (problemOf(error)?.status !== 410)
    return (
      <Frame narrow title={t('start.title')} foot={<Languages />}>
        <Failed error={error} retry={() => location.reload()} />
      </Frame>
    )
  return (
    <Frame narrow title={t('start.linkGone')} foot={<Languages />}>
      <p>{why ?? sayProblem(error)}</p>
      <p>
        <Link to="/sign-in">{children}</Link>
      </p>
    </Frame>
  )
}
