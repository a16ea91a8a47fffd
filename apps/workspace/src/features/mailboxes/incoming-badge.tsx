import type { IncomingMail } from '@lahko/contract'
import { t } from '../../platform/words.ts'

const looks = {
  waiting: { tone: undefined, shape: 'ring' },
  kept: { tone: 'good', shape: undefined },
  repeat: { tone: undefined, shape: 'half' },
  bounce: { tone: 'bad', shape: undefined },
  set_aside: { tone: 'warn', shape: 'half' },
} as const

/** What became of a message, in a word and a dot. */
export function IncomingBadge({ outcome }: { outcome: IncomingMail['outcome'] }) {
  const { tone, shape } = looks[outcome]
  return (
    <span className="badge" data-tone={tone} data-shape={shape}>
      {t(`mailboxes.outcome.${outcome}`)}
    </span>
  )
}
