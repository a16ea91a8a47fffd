import { contract, type EffortReport } from '@lahko/contract'
import { addressOf } from '@lahko/contract/client'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { Dialog } from '../../platform/dialog.tsx'
import { number, percent } from '../../platform/format.ts'
import { ScrollX } from '../../platform/scroll-x.tsx'
import { t } from '../../platform/words.ts'
import { attributeName, attributeValue } from './attributes.ts'
import { queryOf } from './effort-query.ts'
import type { RespondentsOf } from './respondents.tsx'

const route = getRouteApi('/inside/effort')
const columns = ['served', 'asked', 'answered'] as const

type Props = { found: RespondentsOf; report: EffortReport; title: string }

/** All values with their counts and shares, one click away, and their file. */
export function RespondentsTable({ found, report, title }: Props) {
  const [open, setOpen] = useState(false)
  const { filter: _, ...query } = queryOf(route.useSearch())
  const address = { query: { ...query, survey: report.survey.id, by: found.by } }
  return (
    <>
      <button type="button" className="in-link" onClick={() => setOpen(true)}>
        {t('insight.tableAndCsv')}
      </button>
      {open && (
        <Dialog title={title} wide onClose={() => setOpen(false)}>
          <ScrollX label={title} className="in-table">
            <Values found={found} />
          </ScrollX>
          <div className="dialog-foot">
            <a className="button" download href={addressOf(contract.insight.whoAnsweredCsv, address)}>
              {t('insight.csv')}
            </a>
          </div>
        </Dialog>
      )}
    </>
  )
}

function Values({ found }: { found: RespondentsOf }) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{attributeName(found.by)}</th>
          {columns.map((column) => (
            <th key={column} scope="col" data-number>
              {t(`insight.${column}`)}
            </th>
          ))}
          <th scope="col">{t('insight.againstRest')}</th>
        </tr>
      </thead>
      <tbody>
        {found.groups.map((group) => (
          <tr key={group.key}>
            <th scope="row">{attributeValue(found.by, group.key)}</th>
            {columns.map((column) => (
              <td key={column} data-number>
                {shownOf(group[column], found[column])}
              </td>
            ))}
            <td>
              {group.verdict === 'more-than-noise' ? t('insight.heardMore', { ease: group.ease ?? 'same' }) : '–'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function shownOf(count: number | null, whole: number | null): string {
  if (count === null || !whole) return '–'
  return `${number(count)} (${percent(count / whole)})`
}
