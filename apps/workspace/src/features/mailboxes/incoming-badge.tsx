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

const reasons = ['too_large', 'unreadable', 'own_mail', 'blocked', 'not_given', 'failed'] as const

/** Why a message was set aside, and what can be done about it. */
export function asideBecause(reason: IncomingMail['reason']): string {
  return t(`mailboxes.aside.${reasons.find((one) => one === reason) ?? 'failed'}`)
}
