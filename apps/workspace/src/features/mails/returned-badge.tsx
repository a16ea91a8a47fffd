import type { ReturnedMail } from '@lahko/contract'
import { t } from '../../platform/words.ts'

const looks = {
  unread: { tone: undefined, shape: 'ring' },
  bounce: { tone: 'bad', shape: undefined },
  delay: { tone: undefined, shape: 'half' },
  complaint: { tone: 'bad', shape: 'half' },
  reply: { tone: 'good', shape: undefined },
  auto_reply: { tone: undefined, shape: 'ring' },
  set_aside: { tone: 'warn', shape: 'half' },
} as const

/** What came back, in a word and a dot. */
export function ReturnedBadge({ kind }: { kind: ReturnedMail['kind'] }) {
  const { tone, shape } = looks[kind]
  return (
    <span className="badge" data-tone={tone} data-shape={shape}>
      {t(`mails.returned.${kind}`)}
    </span>
  )
}
