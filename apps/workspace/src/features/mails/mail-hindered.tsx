import type { Hindered } from '@lahko/contract/mails'
import { moment } from '../../platform/format.ts'
import { Banner } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import './features.css'

/** That no mail leaves at all, why, and what happens next. */
export function MailHindered({ hindered }: { hindered: Hindered | null | undefined }) {
  if (!hindered) return null
  return (
    <Banner tone="bad">
      <p>
        <strong>{t('mails.hindered', { when: moment(hindered.since) })}</strong> {t('mails.hinderedNext')}{' '}
        <code className="ma-reply">{hindered.says}</code>
      </p>
    </Banner>
  )
}
