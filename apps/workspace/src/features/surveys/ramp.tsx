import type { Rule } from '@lahko/effort'
import { t } from '../../platform/words.ts'
import { runsOf, stepOf, valuesOf, valuesOfScale } from '../insight/figures.ts'
import type { Scale } from './content.ts'

/** The scale in effort colours, with what counts as hard and as easy written under it. */
export function Ramp({ scale, rule }: { scale: Scale; rule: Rule }) {
  const reading = { scale, rule: { id: rule.id, easy: [...rule.easy], hard: [...rule.hard] } }
  const values = valuesOfScale(scale)
  return (
    <div className="bu-range">
      <ol aria-label={t('surveys.whatCounts')}>
        {values.map((value) => (
          <li key={value} data-step={stepOf(value, reading)}>
            {value}
          </li>
        ))}
      </ol>
      <p>
        {runsOf(reading).map(({ kind, from, to }) => (
          <span key={kind} data-span={to - from + 1}>
            {t(`insight.kind.${kind}`, { family: scale.family })}
            {kind !== 'neither' && `, ${valuesOf(values.slice(from, to + 1), scale)}`}
          </span>
        ))}
      </p>
    </div>
  )
}
