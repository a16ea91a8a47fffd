import type { ImportState } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, queries } from '../../platform/api.ts'
import { number } from '../../platform/format.ts'
import { Banner, Trouble } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { ImportMapping } from './import-mapping.tsx'
import { ImportProgress, RefusedRows, RowCounts } from './import-parts.tsx'

type Props = { surveyId: string; state: ImportState }

/** Whether the server works on it, so that its state changes by itself. */
export function isBusy(state: ImportState | undefined): boolean {
  return state?.state === 'checking' || state?.state === 'running' || state?.state === 'undoing'
}

/** Where an import is: its columns, its dry run, its progress, its end. */
export function ImportSteps({ surveyId, state }: Props) {
  const [changing, setChanging] = useState(false)
  if (state.state === 'uploaded' || (changing && !isBusy(state)))
    return <ImportMapping key={state.id} surveyId={surveyId} state={state} onChecked={() => setChanging(false)} />
  if (state.state === 'checked') return <DryRun surveyId={surveyId} state={state} onChange={() => setChanging(true)} />
  if (isBusy(state)) return <Progress surveyId={surveyId} state={state} />
  if (state.state === 'done') return <Done surveyId={surveyId} state={state} />
  return <BrokenOff surveyId={surveyId} state={state} onChange={() => setChanging(true)} />
}

function useRun(surveyId: string, importId: string) {
  return useMutation({
    mutationFn: () => api.surveys.runImport({ params: { id: surveyId, importId } }),
    onSuccess: (next) => queries.setQueryData(['imports', surveyId, importId], next),
  })
}

function useUndo(surveyId: string, importId: string) {
  return useMutation({
    mutationFn: () => api.surveys.undoImport({ params: { id: surveyId, importId } }),
    onSuccess: async (next) => {
      queries.setQueryData(['imports', surveyId, importId], next)
      await queries.invalidateQueries()
    },
  })
}

/** Failed or taken back: what can be done about it. */
function BrokenOff({ surveyId, state, onChange }: Props & { onChange: () => void }) {
  const [run, undo] = [useRun(surveyId, state.id), useUndo(surveyId, state.id)]
  const failed = state.state === 'failed'
  const hasBegun = state.startedAt !== null
  return (
    <div className="stack">
      <Trouble error={run.error ?? undo.error} />
      <Banner tone={failed ? 'bad' : undefined}>
        <p>
          <strong>{t(`surveys.importState.${state.state}`)}.</strong> {state.error ?? t('surveys.nothingCounts')}
        </p>
      </Banner>
      <div className="buttons">
        {hasBegun && (
          <button
            className="button"
            data-tone="accent"
            type="button"
            disabled={run.isPending}
            onClick={() => run.mutate()}
          >
            {t('surveys.runAgain')}
          </button>
        )}
        {failed && hasBegun ? (
          <button className="button" type="button" disabled={undo.isPending} onClick={() => undo.mutate()}>
            {t('surveys.takeBack')}
          </button>
        ) : (
          <button className="button" type="button" onClick={onChange}>
            {t('surveys.changeColumns')}
          </button>
        )}
      </div>
    </div>
  )
}

function DryRun({ surveyId, state, onChange }: Props & { onChange: () => void }) {
  const run = useRun(surveyId, state.id)
  return (
    <div className="stack">
      <Trouble error={run.error} />
      <h2 className="heading">
        {t('surveys.dryRun', {
          count: state.rowsAccepted,
          shown: number(state.rowsAccepted),
          read: number(state.rowsRead),
        })}
      </h2>
      <p className="quiet">{t('surveys.dryRunHint', { file: state.fileName })}</p>
      <Counts state={state} />
      <RefusedRows state={state} />
      <div className="buttons">
        <button
          className="button"
          data-tone="accent"
          type="button"
          disabled={state.rowsAccepted === 0 || run.isPending}
          onClick={() => run.mutate()}
        >
          {t('surveys.takeIn', { count: state.rowsAccepted, shown: number(state.rowsAccepted) })}
        </button>
        <button className="button" type="button" onClick={onChange}>
          {t('surveys.changeColumns')}
        </button>
      </div>
    </div>
  )
}

function Counts({ state: { state, rowsAccepted, rowsRepeated, rowsUnanswered, rowsRefused } }: { state: ImportState }) {
  const counts = [
    ['accepted', rowsAccepted],
    ['repeated', rowsRepeated],
    ...(rowsUnanswered > 0 ? ([['unanswered', rowsUnanswered]] as const) : []),
    ['refused', rowsRefused],
  ] as const
  return <RowCounts parts={counts.map(([name, count]) => [t(`surveys.rows.${name}`, { state }), count])} />
}

function Progress({ surveyId, state }: Props) {
  const undo = useUndo(surveyId, state.id)
  return (
    <div className="stack">
      <Trouble error={undo.error} />
      <ImportProgress state={state} />
      {state.state === 'running' && (
        <div className="buttons">
          <button className="button" type="button" disabled={undo.isPending} onClick={() => undo.mutate()}>
            {t('surveys.takeBack')}
          </button>
        </div>
      )}
    </div>
  )
}

function Done({ surveyId, state }: Props) {
  const undo = useUndo(surveyId, state.id)
  return (
    <div className="stack">
      <Trouble error={undo.error} />
      <Banner tone="good">
        <p>
          <strong>{t('surveys.areIn', { count: state.rowsAccepted, shown: number(state.rowsAccepted) })}</strong>{' '}
          {t('surveys.areInHint')}
        </p>
      </Banner>
      <Counts state={state} />
      <RefusedRows state={state} />
      <div className="buttons">
        <Link className="button" data-tone="accent" to="/effort" search={{ survey: surveyId }}>
          {t('start.seeEffort')}
        </Link>
        <button className="button" type="button" disabled={undo.isPending} onClick={() => undo.mutate()}>
          {t('surveys.takeBack')}
        </button>
      </div>
    </div>
  )
}
