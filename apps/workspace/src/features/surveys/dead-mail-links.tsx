import { Banner } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useMe } from '../shell/me.ts'

/** Says that the links of mails lead customers nowhere, and what to set. */
export function DeadMailLinks() {
  const { deadMailOrigin } = useMe()
  if (deadMailOrigin === null) return null
  return (
    <Banner tone="warn">
      <p>{t('surveys.deadMailLinks', { origin: deadMailOrigin })}</p>
    </Banner>
  )
}
