import type { Mail } from '@lahko/contract'
import { t } from '../../platform/words.ts'

const looks = {
  waiting: { tone: undefined, shape: 'ring' },
  sending: { tone: undefined, shape: 'half' },
  sent: { tone: 'good', shape: undefined },
  uncertain: { tone: 'warn', shape: 'half' },
  failed: { tone: 'bad', shape: undefined },
} as const

/** What became of a mail, in a word and a dot; and whether it came back after that. */
export function MailStateBadge({ mail: { state, cameBack } }: { mail: Pick<Mail, 'state' | 'cameBack'> }) {
  const { tone, shape } = looks[state]
  return (
    <>
      <span className="badge" data-tone={cameBack ? undefined : tone} data-shape={shape}>
        {t(`mails.state.${state}`)}
      </span>
      {cameBack && (
        <>
          {' '}
          <span className="badge" data-tone="bad">
            {t('mails.back')}
          </span>
        </>
      )}
    </>
  )
}

/** Why a mail came back, as the other server said it. */
export function reasonOf({ status, says }: NonNullable<Mail['cameBack']>): string {
  return says ?? status ?? ''
}
