import type { ReactNode } from 'react'

/** One of a few, side by side, of which exactly one holds. */
export function Segments<T extends string | number | undefined>(props: {
  label: string
  of: readonly T[]
  chosen: T
  name: (one: T) => ReactNode
  onChoose: (one: T) => void
  size?: 'small'
  className?: string
}) {
  const { label, of, chosen, name, onChoose, size, className = '' } = props
  return (
    <fieldset className={`segments ${className}`.trim()} data-size={size} aria-label={label}>
      {of.map((one) => (
        <button key={one ?? ''} type="button" aria-pressed={one === chosen} onClick={() => onChoose(one)}>
          {name(one)}
        </button>
      ))}
    </fieldset>
  )
}
