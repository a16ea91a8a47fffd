import type { MetricName } from '@lahko/contract'
import { axis } from './figures.ts'
import { at, ticksOf, type Domain } from './plot-scales.ts'

type Marks = {
  value: number
  low: number | null
  high: number | null
  before?: number | null
  small?: boolean
  step?: number
  domain: Domain
}

/** A value on its line: interval thick, the tick is before, hollow is a small sample. */
export function DotLine(props: Marks & { y: number; radius: number; centre?: number | null; height: number }) {
  const { value, low, high, before, domain, y, radius } = props
  return (
    <>
      <line data-grid x1="0" x2="100%" y1={y} y2={y} />
      {typeof props.centre === 'number' && (
        <line data-centre x1={at(props.centre, domain)} x2={at(props.centre, domain)} y1={0} y2={props.height} />
      )}
      {low !== null && high !== null && <line data-interval x1={at(low, domain)} x2={at(high, domain)} y1={y} y2={y} />}
      {typeof before === 'number' && (
        <line data-leader x1={at(before, domain)} x2={at(before, domain)} y1={y - 6} y2={y + 6} />
      )}
      <circle
        data-point
        data-small={props.small || undefined}
        data-step={props.step}
        cx={at(value, domain)}
        cy={y}
        r={radius}
      />
    </>
  )
}

/** The same in a row of a table, which says in words what it shows. */
export function DotInRow(props: Marks & { centre?: number | null }) {
  return (
    <svg width="100%" height="30" aria-hidden="true">
      <DotLine {...props} y={15} radius={5} height={30} />
    </svg>
  )
}

/** The scale under lines of dots. */
export function DotAxis({ metric, domain }: { metric: MetricName; domain: Domain }) {
  const all = ticksOf(domain, 4)
  const ticks = all.filter((_, place) => all.length <= 5 || place % 2 === 0)
  const words = axis(metric, ticks, 0)
  return (
    <svg width="100%" height="16">
      {ticks.map((value, place) => (
        <text
          key={value}
          data-minor={(place % 2 === 1 && ticks.length > 3) || undefined}
          x={at(value, domain)}
          y="12"
          textAnchor={value === domain[0] ? 'start' : value === domain[1] ? 'end' : 'middle'}
        >
          {words[place]}
        </text>
      ))}
    </svg>
  )
}
