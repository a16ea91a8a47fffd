import type { EffortReport, WhoAnswered } from '@lahko/contract'
import { getRouteApi } from '@tanstack/react-router'
import { number, percent } from '../../platform/format.ts'
import { Segments } from '../../platform/segments.tsx'
import { t } from '../../platform/words.ts'
import { attributeName, attributeValue } from './attributes.ts'
import { DotAxis } from './dot-line.tsx'
import { at, windowOf, type Domain } from './plot-scales.ts'
import { RespondentsTable } from './respondents-table.tsx'

export type RespondentsOf = WhoAnswered['respondents'][number]
type Group = RespondentsOf['groups'][number]
type Mark = 'served' | 'asked' | 'answered'

const route = getRouteApi('/inside/effort')
const rowsShown = 12
const smallBelow = 30
const marks = ['served', 'asked', 'answered'] as const
const [rowHeight, wordHeight] = [30, 13]

/** Whether those who answered are like everyone asked and everyone served, by one thing at a time. */
export function Respondents({ all, report }: { all: readonly RespondentsOf[]; report: EffortReport }) {
  const { beside } = route.useSearch()
  const navigate = route.useNavigate()
  const shown = all.find(({ by }) => by === beside) ?? all[0]
  if (!shown) return null
  const choose = (by: RespondentsOf['by']) =>
    void navigate({ search: (search) => ({ ...search, beside: by }), resetScroll: false, replace: true })
  return (
    <figure className="stack" data-gap="2" aria-labelledby="respondents">
      <div className="section-head">
        <h3 id="respondents">{titleOf(shown)}</h3>
        <Segments
          label={t('insight.tellApart')}
          size="small"
          of={all.map(({ by }) => by)}
          chosen={shown.by}
          name={attributeName}
          onChoose={choose}
        />
      </div>
      <p className="in-read">
        {t('insight.respondentsOf', {
          served: shown.served === null ? 'none' : number(shown.served),
          asked: number(shown.asked),
          answered: number(shown.answered),
        })}
      </p>
      <Lines shown={shown} />
      <p className="chart-foot">
        <RespondentsTable found={shown} report={report} title={titleOf(shown)} />
        {shown.groups.length > rowsShown && (
          <span>{t('insight.moreGroups', { count: shown.groups.length - rowsShown })}</span>
        )}
      </p>
    </figure>
  )
}

/** A finding where there is one, else what is shown. */
function titleOf({ by, finding }: RespondentsOf): string {
  return finding ?? t('insight.respondents', { name: attributeName(by) })
}

function Lines({ shown }: { shown: RespondentsOf }) {
  const rows = shown.groups.slice(0, rowsShown)
  const values = rows.flatMap((group) => sharesOf(shown, group).map(({ share }) => share))
  const domain = windowOf([0, ...values], [0, 1], 0.2, 1)
  const known = marks.filter((mark) => shown[mark] !== null)
  return (
    <table className="table in-dots in-beside">
      <caption className="visually-hidden">{t('insight.respondents', { name: attributeName(shown.by) })}</caption>
      <colgroup>
        <col />
        <col />
        {known.map((mark) => (
          <col key={mark} className={mark === 'answered' ? undefined : 'in-n'} />
        ))}
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{attributeName(shown.by)}</th>
          <th scope="col" className="in-plot">
            <span className="visually-hidden">{t('insight.share')}</span>
          </th>
          {known.map((mark) => (
            <th key={mark} scope="col" data-number className={mark === 'answered' ? undefined : 'in-n'}>
              {t(`insight.${mark}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((group, place) => (
          <Line key={group.key} shown={shown} group={group} domain={domain} worded={place === 0} />
        ))}
      </tbody>
      <tfoot aria-hidden="true">
        <tr>
          <td>{'\u00a0'}</td>
          <td className="in-plot">
            <DotAxis metric="easyShare" domain={domain} />
          </td>
          {known.map((mark) => (
            <td key={mark} className={mark === 'answered' ? undefined : 'in-n'}>
              {'\u00a0'}
            </td>
          ))}
        </tr>
      </tfoot>
    </table>
  )
}

type LineProps = { shown: RespondentsOf; group: Group; domain: Domain; worded: boolean }

function Line({ shown, group, domain, worded }: LineProps) {
  const small = group.asked < smallBelow
  const noted = group.verdict === 'more-than-noise' && group.ease !== 'same'
  const shares = sharesOf(shown, group)
  const height = rowHeight + (worded ? shares.length * wordHeight : 0)
  const y = height - rowHeight / 2
  return (
    <tr data-noted={noted || undefined} data-worded={worded || undefined}>
      <th scope="row" className="in-rate">
        {attributeValue(shown.by, group.key)}
        {noted && <span className="in-note"> {t('insight.heardMore', { ease: group.ease ?? 'same' })}</span>}
        {small && <span className="in-note"> {t('insight.fewAsked')}</span>}
      </th>
      <td className="in-plot">
        <svg width="100%" height={height} aria-hidden="true">
          <line data-grid x1="0" x2="100%" y1={y} y2={y} />
          {worded && <Words shares={shares} domain={domain} y={y} />}
          {shares.map(({ mark, share }) => (
            <ShareMark key={mark} mark={mark} x={at(share, domain)} y={y} small={small} />
          ))}
        </svg>
      </td>
      {shares.map(({ mark, share, count }) => (
        <td key={mark} data-number className={mark === 'answered' ? undefined : 'in-n'}>
          <strong>{percent(share)}</strong> <span className="in-int">{number(count)}</span>
        </td>
      ))}
    </tr>
  )
}

/** An upright tick for those served, a ring for those asked, a dot in it for those who answered. */
function ShareMark({ mark, x, y, small }: { mark: Mark; x: string; y: number; small: boolean }) {
  if (mark === 'served') return <line data-served x1={x} x2={x} y1={y - 9} y2={y + 9} />
  if (mark === 'asked') return <circle data-ring cx={x} cy={y} r={6} />
  return <circle data-point data-small={small || undefined} cx={x} cy={y} r={4} />
}

type Share = { mark: Mark; share: number; count: number }

/** What the marks are, each on a step of its own: no word lies on another nor on the line to another. */
function Words({ shares, domain, y }: { shares: readonly Share[]; domain: Domain; y: number }) {
  const parts = shares.map(({ share }) => share)
  // Where there is more room, so that they reach into no other column.
  const leftwards = Math.min(...parts) - domain[0] > domain[1] - Math.max(...parts)
  const steps = shares.toSorted((a, b) => (leftwards ? b.share - a.share : a.share - b.share))
  return steps.map(({ mark, share }, step) => {
    const x = at(share, domain)
    const base = (step + 1) * wordHeight - 3
    return (
      <g key={mark}>
        <line data-leader x1={x} x2={x} y1={base - 8} y2={y - 9} />
        <text x={x} y={base} dx={leftwards ? -4 : 4} textAnchor={leftwards ? 'end' : 'start'}>
          {t(`insight.mark.${mark}`)}
        </text>
      </g>
    )
  })
}

function sharesOf(shown: RespondentsOf, group: Group): Share[] {
  return marks.flatMap((mark) => {
    const [count, whole] = [group[mark], shown[mark]]
    return count === null || whole === null ? [] : [{ mark, count, share: whole === 0 ? 0 : count / whole }]
  })
}
