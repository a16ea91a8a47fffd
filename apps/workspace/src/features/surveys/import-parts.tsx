import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { moment, number, percent } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { ScrollX } from '../../platform/scroll-x.tsx'
import { Trouble } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import './features.css'

// What files of answers and files of customers are brought in by.

/** What is known of a file that was uploaded. */
type BroughtIn = {
  id: string
  fileName: string
  createdAt: string
  columns: readonly string[]
  sample: readonly Record<string, string>[]
  progress: number
  refused: readonly { line: number; value: string; reason: string }[]
  rowsRefused: number
}

/** Where a file is chosen, or dropped. */
export function FileDrop<T>(props: {
  hint: string
  upload: (file: File) => Promise<T>
  onUploaded: (uploaded: T) => void
}) {
  const upload = useMutation({ mutationFn: props.upload, onSuccess: props.onUploaded })
  return (
    <>
      <Trouble error={upload.error} />
      <label className="im-drop" aria-busy={upload.isPending}>
        <Icon name="upload" />
        <strong>{t(upload.isPending ? 'surveys.uploading' : 'surveys.chooseFile')}</strong>
        <span className="quiet">{props.hint}</span>
        <input
          type="file"
          accept=".csv,.tsv,.txt,.ndjson,.jsonl"
          disabled={upload.isPending}
          onChange={({ target }) => target.files?.[0] && upload.mutate(target.files[0])}
        />
      </label>
    </>
  )
}

/** Files that were uploaded before, each as a link to how far it is. */
export function EarlierFiles<T extends BroughtIn>(props: {
  files: readonly T[] | undefined
  link: (file: T) => ReactNode
  sayState: (file: T) => string
}) {
  if (!props.files?.length) return null
  return (
    <section className="section">
      <h2 className="label">{t('surveys.earlierImports')}</h2>
      <ul className="rows">
        {props.files.map((file) => (
          <li className="row" key={file.id}>
            <span>
              {props.link(file)} <span className="row-text">{moment(file.createdAt)}</span>
            </span>
            <span className="row-end">{props.sayState(file)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Each column with its first values, and what it is taken for. */
export function ColumnsTable(props: {
  state: Pick<BroughtIn, 'columns' | 'sample'>
  choice: (column: string) => ReactNode
}) {
  const { columns, sample } = props.state
  return (
    <ScrollX label={t('surveys.whatColumns')}>
      <table className="table im-columns">
        <thead>
          <tr>
            <th scope="col">{t('surveys.column')}</th>
            <th scope="col">{t('surveys.isThe')}</th>
            <th scope="col">{t('surveys.firstValues')}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column}>
              <th scope="row">{column}</th>
              <td>{props.choice(column)}</td>
              <td className="quiet im-values">{firstValues(sample, column)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  )
}

function firstValues(sample: BroughtIn['sample'], column: string): string {
  const values = sample.map((row) => row[column]).filter(Boolean)
  return values.slice(0, 3).join(' · ')
}

/** What a choice is missing without which nothing can be taken in. */
export function Missing({ children }: { children: ReactNode }) {
  return (
    <p className="im-missing">
      <Icon name="warning" /> {children}
    </p>
  )
}

/** How far the server is. */
export function ImportProgress({
  state: { state, fileName, progress },
}: {
  state: Pick<BroughtIn, 'fileName' | 'progress'> & { state: string }
}) {
  return (
    <div className="stack" data-gap="2" aria-live="polite">
      <label htmlFor="import-progress">
        {t('surveys.bringingIn', { state, file: fileName, share: percent(progress) })}
      </label>
      <progress className="progress" id="import-progress" value={progress} max={1} />
      <p className="quiet">{t('surveys.goesOn')}</p>
    </div>
  )
}

/** How many rows became what. */
export function RowCounts({ parts }: { parts: readonly (readonly [name: string, count: number])[] }) {
  return (
    <dl className="im-counts">
      {parts.map(([name, count]) => (
        <div className="stat" key={name}>
          <dt className="label">{name}</dt>
          <dd className="stat-value">{number(count)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The first rows that were not taken, and why. */
export function RefusedRows({
  state: { refused, rowsRefused },
}: {
  state: Pick<BroughtIn, 'refused' | 'rowsRefused'>
}) {
  const title = t('surveys.refusedRows', {
    shown: number(rowsRefused),
    first: number(refused.length),
    all: rowsRefused <= refused.length ? 'yes' : 'no',
  })
  return <RowsWithReasons title={title} rows={refused} />
}

/** Rows of a file, and what is to be said of each. */
export function RowsWithReasons({ title, rows }: { title: string; rows: BroughtIn['refused'] }) {
  if (rows.length === 0) return null
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
            {rows.map(({ line, value, reason }) => (
              <tr key={`${line} ${reason}`}>
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
