import type { EffortReport } from '@lahko/contract'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useAction } from '../../platform/actions.ts'
import { Icon } from '../../platform/icon.tsx'
import { TextField } from '../../platform/field.tsx'
import { Popover } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import { periods, type EffortSearch } from './effort-search.ts'
import { moved } from './period-steps.ts'

const route = getRouteApi('/inside/effort')

type Props = { report: EffortReport; change: (part: Partial<EffortSearch>) => void }

/** The period with the one before and the one after. */
export function PeriodPicker({ report, change }: Props) {
  const { period = 'week' } = route.useSearch()
  const { previous, next, label } = report.period
  const step = (to: string | null, by: 1 | -1) =>
    to && change(period === 'days' ? moved(report.period, by) : { at: to })
  const group = t('insight.effort')
  useAction(
    previous
      ? {
          id: 'effort.before',
          group,
          name: t(`insight.stepBack.${period}`),
          icon: 'left',
          keys: '[',
          run: () => void step(previous, -1),
        }
      : null,
  )
  useAction(
    next
      ? {
          id: 'effort.after',
          group,
          name: t(`insight.stepOn.${period}`),
          icon: 'right',
          keys: ']',
          run: () => void step(next, 1),
        }
      : null,
  )
  return (
    <fieldset className="segments" data-size="small" aria-label={t('insight.period')}>
      <button
        type="button"
        aria-label={t(`insight.stepBack.${period}`)}
        disabled={!previous}
        onClick={() => void step(previous, -1)}
      >
        <Icon name="left" />
      </button>
      <Popover className="in-period" label={label} name={t('insight.periodIs', { label })} arrow={false}>
        {(close) => <Choices report={report} change={change} close={close} />}
      </Popover>
      <button
        type="button"
        aria-label={t(`insight.stepOn.${period}`)}
        disabled={!next}
        onClick={() => void step(next, 1)}
      >
        <Icon name="right" />
      </button>
    </fieldset>
  )
}

function Choices({ report, change, close }: Props & { close: () => void }) {
  const { period = 'week' } = route.useSearch()
  const [from, setFrom] = useState(report.period.from)
  const [to, setTo] = useState(report.period.to)
  return (
    <form
      className="p-pad"
      onSubmit={(event) => {
        event.preventDefault()
        change(
          from < to
            ? { period: 'days', from, to, at: undefined }
            : { period: 'days', from: to, to: from, at: undefined },
        )
        close()
      }}
    >
      <fieldset className="segments" data-size="small" aria-label={t('insight.periodLength')}>
        {periods
          .filter((kind) => kind !== 'days')
          .map((kind) => (
            <button
              key={kind}
              type="button"
              data-first={kind === period || undefined}
              aria-pressed={kind === period}
              onClick={() => change({ period: kind === 'week' ? undefined : kind, from: undefined, to: undefined })}
            >
              {t(`insight.periodKind.${kind}`)}
            </button>
          ))}
      </fieldset>
      {period !== 'days' && (
        <TextField
          type="date"
          label={t('insight.whichHolds')}
          value={report.period.from}
          onChange={(at) => at && change({ at })}
        />
      )}
      <div className="in-range">
        <TextField type="date" label={t('insight.from')} value={from} onChange={setFrom} required />
        <TextField type="date" label={t('insight.to')} value={to} onChange={setTo} required />
      </div>
      <div className="buttons">
        <button className="button" data-size="small">
          {t('insight.showDays')}
        </button>
        <button
          type="button"
          className="button"
          data-size="small"
          data-tone="plain"
          onClick={() => (change({ at: undefined, from: undefined, to: undefined, period: undefined }), close())}
        >
          {t('insight.today')}
        </button>
      </div>
    </form>
  )
}
