import type { CustomerImport } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, queries } from '../../platform/api.ts'
import { number } from '../../platform/format.ts'
import { Banner, Trouble } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { ImportProgress, RefusedRows, RowCounts, RowsWithReasons } from '../surveys/import-parts.tsx'
import { CustomerColumnsForm } from './import-columns.tsx'

type Props = { state: CustomerImport }

/** Whether the server works on it, so that its state changes by itself. */
export function isBusy(state: CustomerImport | undefined): boolean {
  return state?.state === 'checking' || state?.state === 'running'
}

/** Where an import is: its columns, its dry run, its progress, its end. */
export function CustomerImportSteps({ state }: Props) {
  const [changing, setChanging] = useState(false)
  if (state.state === 'uploaded' || (changing && !isBusy(state)))
    return <CustomerColumnsForm key={state.id} state={state} onChecked={() => setChanging(false)} />
  if (isBusy(state)) return <ImportProgress state={state} />
  if (state.state === 'done') return <Done state={state} />
  return <Checked state={state} onChange={() => setChanging(true)} />
}

/** The dry run, or what broke off. */
function Checked({ state, onChange }: Props & { onChange: () => void }) {
  const run = useMutation({
    mutationFn: () => api.customerImports.run({ params: { id: state.id } }),
    onSuccess: (next) => queries.setQueryData(['customer-imports', state.id], next),
  })
  const failed = state.state === 'failed'
  const takes = state.rowsNew + state.rowsChanged
  return (
    <div className="stack">
      <Trouble error={run.error} />
      {failed ? (
        <Banner tone="bad">
          <p>
            <strong>{t('surveys.importState.failed')}.</strong> {state.error}
          </p>
        </Banner>
      ) : (
        <>
          <h2 className="heading">
            {t('people.wouldBecome', { read: state.rowsRead, shown: number(state.rowsRead) })}
          </h2>
          <p className="quiet">{t(state.overwrite ? 'people.overwrites' : 'people.fillsIn')}</p>
        </>
      )}
      {state.rowsRead > 0 && <Counts state={state} />}
      <RefusedRows state={state} />
      <PartlyTaken state={state} />
      <div className="buttons">
        {(!failed || state.startedAt !== null) && (
          <button
            className="button"
            data-tone="accent"
            type="button"
            disabled={run.isPending || (!failed && takes === 0)}
            onClick={() => run.mutate()}
          >
            {t(failed ? 'surveys.runAgain' : 'people.takeIn')}
          </button>
        )}
        {failed && state.startedAt === null && (
          <Link className="button" data-tone="accent" to="/customers/import" search={{}}>
            {t('people.uploadMended')}
          </Link>
        )}
        <button className="button" type="button" onClick={onChange}>
          {t('surveys.changeColumns')}
        </button>
      </div>
    </div>
  )
}

function Done({ state }: Props) {
  const { rowsNew, rowsChanged } = state
  return (
    <div className="stack">
      <Banner tone="good">
        <p>
          <strong>
            {t('people.areIn', { added: rowsNew, addedShown: number(rowsNew), changed: number(rowsChanged) })}
          </strong>
        </p>
      </Banner>
      <Counts state={state} />
      <RefusedRows state={state} />
      <PartlyTaken state={state} />
      <div className="buttons">
        <Link className="button" data-tone="accent" to="/customers">
          {t('people.seeCustomers')}
        </Link>
      </div>
    </div>
  )
}

function Counts({ state: { rowsNew, rowsChanged, rowsSame, rowsRefused } }: Props) {
  const counts = [
    ['new', rowsNew],
    ['changed', rowsChanged],
    ['same', rowsSame],
    ['refused', rowsRefused],
  ] as const
  return <RowCounts parts={counts.map(([name, count]) => [t(`people.rows.${name}`), count])} />
}

/** Whose rows come in, but for a value that cannot be read. */
function PartlyTaken({ state: { rowsPartly, partly } }: Props) {
  const title = t('people.partlyTaken', { count: rowsPartly, shown: number(rowsPartly) })
  return <RowsWithReasons title={title} rows={partly} />
}
