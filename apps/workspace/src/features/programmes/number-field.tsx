import type { ReactNode } from 'react'
import { Field } from '../../platform/field.tsx'

/** A whole number with its label. */
export function NumberField(props: {
  label: ReactNode
  hint?: ReactNode
  problem?: string
  value: number
  least: number
  most: number
  disabled?: boolean
  onChange: (value: number) => void
}) {
  const { label, hint, problem, value, least, most, disabled, onChange } = props
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(field) => (
        <input
          className="input pr-number"
          type="number"
          inputMode="numeric"
          required
          min={least}
          max={most}
          step={1}
          disabled={disabled}
          value={Number.isNaN(value) ? '' : value}
          onChange={(event) => onChange(event.target.valueAsNumber)}
          {...field}
        />
      )}
    </Field>
  )
}
