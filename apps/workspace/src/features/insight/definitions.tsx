import type { MetricName } from '@lahko/contract'
import type { ReactNode } from 'react'
import { number } from '../../platform/format.ts'
import { Popover } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import { figure, intervalOf, metricName, valuesOf, type Figure, type Reading } from './figures.ts'

type Props = Reading & {
  metric: MetricName
  shown: Figure | null
  n: number
  before?: Figure | null
  children: ReactNode
}

/** A figure's name that opens what it is, on how many answers it stands, and how sure it is. */
export function Defined({ metric, shown, n, before, scale, rule, children }: Props) {
  const { family } = scale
  return (
    <Popover className="in-define" label={children} arrow={false}>
      {() => (
        <dl className="p-pad in-definition" data-first tabIndex={-1}>
          <div>
            <dt>{metricName(metric, scale)}</dt>
            <dd>{t(`insight.definition.${metric}`, { family, min: scale.min, max: scale.max })}</dd>
          </div>
          <div>
            <dt>{t('insight.rule')}</dt>
            <dd>
              {t('insight.ruleSays', { family, easy: valuesOf(rule.easy, scale), hard: valuesOf(rule.hard, scale) })}
            </dd>
          </div>
          {shown && (
            <div>
              <dt>{t('insight.value')}</dt>
              <dd>
                {t('insight.valueSays', {
                  value: figure(metric, shown.value, scale),
                  interval: intervalOf(metric, shown, scale),
                  bounded: shown.low === null ? 'no' : 'yes',
                  n: number(n),
                  count: n,
                })}
                {before && ` ${t('insight.beforeSays', { value: figure(metric, before.value, scale) })}`}
              </dd>
            </div>
          )}
          <div>
            <dt>{t('insight.howInterval')}</dt>
            <dd>{t(`insight.method.${methodOf(metric)}`)}</dd>
          </div>
        </dl>
      )}
    </Popover>
  )
}

/** Words behind a question, in a panel. */
export function Explained({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Popover className="in-link" label={label} arrow={false}>
      {() => (
        <div className="p-pad" data-first tabIndex={-1}>
          <p>{children}</p>
        </div>
      )}
    </Popover>
  )
}

function methodOf(metric: MetricName): 'mean' | 'share' | 'net' {
  if (metric === 'mean' || metric === 'easeIndex') return 'mean'
  return metric === 'netEase' ? 'net' : 'share'
}
