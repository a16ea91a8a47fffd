import type { EffortReport } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { api, queries } from '../../platform/api.ts'
import { day } from '../../platform/format.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'

/** Which changes the chart takes as a new normal, and the one that it could. */
export function AcceptedChanges({ report }: { report: EffortReport }) {
  const may = useMay('surveys.write')
  const { survey, wording, acceptedChanges } = report
  const query = { wording }
  const done = (text: string, undo: () => void) => {
    void queries.invalidateQueries({ queryKey: ['insight'] })
    say(text, undo)
  }
  const accept = useMutation({
    mutationFn: (on: string) => api.insight.acceptChange({ params: { id: survey.id, on }, query }),
    onSuccess: (_, on) => done(t('insight.changeAccepted', { date: day(on) }), () => withdraw.mutate(on)),
    onError: sayFailure,
  })
  const withdraw = useMutation({
    mutationFn: (on: string) => api.insight.withdrawChange({ params: { id: survey.id, on }, query }),
    onSuccess: (_, on) => done(t('insight.changeWithdrawn'), () => accept.mutate(on)),
    onError: sayFailure,
  })
  const offered = may ? runStart(report) : undefined
  if (acceptedChanges.length === 0 && offered === undefined) return null
  return (
    <div className="in-changes">
      {acceptedChanges.map((on) => (
        <p key={on}>
          {t('insight.acceptedSince', { date: day(on) })}{' '}
          {may && (
            <button className="button" data-size="small" type="button" onClick={() => withdraw.mutate(on)}>
              {t('insight.withdrawChange')}
              <span className="visually-hidden">: {day(on)}</span>
            </button>
          )}
        </p>
      ))}
      {offered !== undefined && (
        <p>
          <button className="button" data-size="small" type="button" onClick={() => accept.mutate(offered)}>
            {t('insight.acceptChange', { date: day(offered) })}
          </button>
        </p>
      )}
    </div>
  )
}

/** Where the run of signals began that still goes on. */
function runStart({ series, acceptedChanges }: EffortReport): string | undefined {
  const finished = series.filter(({ unfinished }) => !unfinished)
  const before = finished.findLastIndex(({ signals }) => signals.length === 0)
  const start = finished[before + 1]?.at
  return before < 0 || (start !== undefined && acceptedChanges.includes(start)) ? undefined : start
}
