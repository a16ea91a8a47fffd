import type { SurveySummary } from '@lahko/contract'
import { t } from '../../platform/words.ts'

const looks = {
  draft: { tone: undefined, shape: 'ring' },
  published: { tone: 'good', shape: undefined },
  paused: { tone: 'warn', shape: 'half' },
  archived: { tone: undefined, shape: undefined },
} as const

/** What a survey does now, in a word and a dot. */
export function StateBadge({ state, since }: { state: SurveySummary['state']; since?: string }) {
  const { tone, shape } = looks[state]
  return (
    <span className="badge" data-tone={tone} data-shape={shape}>
      {since && state === 'published' ? t('surveys.askingSince', { date: since }) : t(`surveys.state.${state}`)}
    </span>
  )
}
