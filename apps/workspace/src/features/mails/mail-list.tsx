import type { ReactNode } from 'react'
import { ago, moment } from '../../platform/format.ts'
import { Icon, type IconName } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import './features.css'

type FilterProps<T extends string> = {
  label: string
  values: readonly T[]
  chosen: T | undefined
  name: (value: T) => string
  onChoose: (value: T | undefined) => void
  /** Chips of another kind behind them. */
  children?: ReactNode
}

/** Which mails are listed: of one kind, or all. */
export function MailFilter<T extends string>({ label, values, chosen, name, onChoose, children }: FilterProps<T>) {
  return (
    <fieldset className="chips" aria-label={label}>
      {values.map((one) => (
        <FilterChip key={one} on={chosen === one} onChange={(on) => onChoose(on ? one : undefined)}>
          {name(one)}
        </FilterChip>
      ))}
      {children}
    </fieldset>
  )
}

export function FilterChip(props: { on: boolean; onChange: (on: boolean) => void; children: ReactNode }) {
  return (
    <button
      type="button"
      className="chip"
      data-size="small"
      aria-pressed={props.on}
      onClick={() => props.onChange(!props.on)}
    >
      {props.children}
    </button>
  )
}

type LineProps = { icon: IconName; title: string; text: string; badge: ReactNode; at: string; onOpen: () => void }

/** One mail of a list: it opens by its subject. */
export function MailLine({ icon, title, text, badge, at, onOpen }: LineProps) {
  const now = useNow()
  return (
    <li className="row">
      <span className="row-lead">
        <Icon name={icon} />
      </span>
      <span className="ma-words">
        <button type="button" className="row-title ma-open" onClick={onOpen}>
          {title}
        </button>{' '}
        <span className="row-text ma-line">{text}</span>
      </span>
      <span className="row-end ma-end">
        {badge}
        <time dateTime={at} title={moment(at)}>
          {ago(at, now)}
        </time>
      </span>
    </li>
  )
}
