import type { Mail } from '@lahko/contract'
import { t } from '../../platform/words.ts'

const looks = {
  waiting: { tone: undefined, shape: 'ring' },
  sending: { tone: undefined, shape: 'half' },
  sent: { tone: 'good', shape: undefined },
  uncertain: { tone: 'warn', shape: 'half' },
  failed: { tone: 'bad', shape: undefined },
} as const

/** What became of a mail, in a word and a dot. */
export function MailStateBadge({ state }: { state: Mail['state'] }) {
  const { tone, shape } = looks[state]
  return (
    <span className="badge" data-tone={tone} data-shape={shape}>
      {t(`mails.state.${state}`)}
    </span>
  )
}
