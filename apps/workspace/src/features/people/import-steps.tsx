import type { CustomerImport } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, queries, sayProblem } from '../../platform/api.ts'
import { number, percent } from '../../platform/format.ts'
import { ScrollX } from '../../platform/scroll-x.tsx'
import { Banner } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
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
  if (isBusy(state)) return <Progress state={state} />
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
      {run.isError && (
        <Banner tone="bad" alert>
          <p>{sayProblem(run.error)}</p>
        </Banner>
      )}
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
      <Counts state={state} />
      <Refused state={state} />
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
        <button className="button" type="button" onClick={onChange}>
          {t('surveys.changeColumns')}
        </button>
      </div>
    </div>
  )
}

function Progress({ state }: Props) {
  const share = percent(state.progress)
  return (
    <div className="stack" data-gap="2" aria-live="polite">
      <label htmlFor="import-progress">
        {t('surveys.bringingIn', { state: state.state, file: state.fileName, share })}
      </label>
      <progress className="progress" id="import-progress" value={state.progress} max={1} />
      <p className="quiet">{t('surveys.goesOn')}</p>
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
      <Refused state={state} />
      <div className="buttons">
        <Link className="button" data-tone="accent" to="/customers">
          {t('people.seeCustomers')}
        </Link>
      </div>
    </div>
  )
}

function Counts({ state }: Props) {
  const parts = [
    ['new', state.rowsNew],
    ['changed', state.rowsChanged],
    ['same', state.rowsSame],
    ['refused', state.rowsRefused],
  ] as const
  return (
    <dl className="im-counts">
      {parts.map(([name, count]) => (
        <div className="stat" key={name}>
          <dt className="label">{t(`people.rows.${name}`)}</dt>
          <dd className="stat-value">{number(count)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Refused({ state: { refused, rowsRefused } }: Props) {
  if (refused.length === 0) return null
  const title = t('surveys.refusedRows', {
    ...{ shown: number(rowsRefused), first: number(refused.length) },
    all: rowsRefused <= refused.length ? 'yes' : 'no',
  })
  return (
    <section className="section">
      <h2>{title}</h2>
      <ScrollX label={title} className="im-refused">
        <table className="table">
          <thead>
            <tr>
              <th scope="col" data-number>
                {t('surveys.line')}
              </th>
              <th scope="col">{t('surveys.reads')}</th>
              <th scope="col">{t('surveys.why')}</th>
            </tr>
          </thead>
          <tbody>
            {refused.map(({ line, value, reason }) => (
              <tr key={line}>
                <td data-number>{number(line)}</td>
                <td>
                  <code>{value}</code>
                </td>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </section>
  )
}
