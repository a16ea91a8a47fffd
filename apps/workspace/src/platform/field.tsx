import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { Icon } from './icon.tsx'

/** What the control inside a field takes over. */
export type FieldProps = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }

/** Label, hint, problem, control, in that order. */
export function Field(props: {
  label: ReactNode
  hint?: ReactNode
  problem?: string
  children: (field: FieldProps) => ReactNode
}) {
  const id = useId()
  const { hint, problem } = props
  const described = [hint && `${id}-h`, problem && `${id}-p`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      {hint && (
        <p className="hint" id={`${id}-h`}>
          {hint}
        </p>
      )}
      {problem && (
        <p className="problem" id={`${id}-p`}>
          <Icon name="warning" />
          {problem}
        </p>
      )}
      {props.children({ id, 'aria-describedby': described || undefined, 'aria-invalid': problem ? true : undefined })}
    </div>
  )
}

/** A line of text with its label. */
export function TextField(props: {
  label: ReactNode
  hint?: ReactNode
  problem?: string
  value: string
  onChange: (value: string) => void
  type?: 'text' | 'email' | 'password' | 'date' | 'search' | 'tel' | 'url'
  autoComplete?: string
  required?: boolean
  minLength?: number
  maxLength?: number
  pattern?: string
  placeholder?: string
  disabled?: boolean
  /** What is said here when what is filled in does not do, in the place of the browser's own bubble. */
  wrong?: string
}) {
  const { label, hint, problem, wrong, onChange, type = 'text', ...rest } = props
  const [isWrong, setWrong] = useState(false)
  const onInvalid = (event: FormEvent<HTMLInputElement>) => {
    event.preventDefault()
    setWrong(true)
    const first = event.currentTarget.form?.querySelector(':invalid')
    if (first === event.currentTarget) event.currentTarget.focus()
  }
  return (
    <Field label={label} hint={hint} problem={isWrong ? wrong : problem}>
      {(field) => (
        <input
          className="input"
          type={type}
          {...field}
          {...rest}
          onInvalid={wrong === undefined ? undefined : onInvalid}
          onChange={({ target }) => {
            setWrong(false)
            onChange(target.value)
          }}
        />
      )}
    </Field>
  )
}

/** One choice of several, in a list that the browser draws. */
export function SelectField<T extends string>(props: {
  label: ReactNode
  hint?: ReactNode
  problem?: string
  value: T
  options: readonly (readonly [T, string])[]
  onChange: (value: T) => void
  disabled?: boolean
}) {
  return (
    <Field label={props.label} hint={props.hint} problem={props.problem}>
      {(field) => (
        <select
          className="input"
          {...field}
          value={props.value}
          disabled={props.disabled}
          onChange={(event) => props.onChange(event.target.value as T)}
        >
          {props.options.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

/** A box to tick or a switch to turn, with its words. */
export function Choice(props: {
  kind?: 'switch'
  type?: 'checkbox' | 'radio'
  name?: string
  checked: boolean
  disabled?: boolean
  onChange: (checked: boolean) => void
  hint?: ReactNode
  children: ReactNode
}) {
  return (
    <label className="choice" data-kind={props.kind}>
      <input
        type={props.type ?? 'checkbox'}
        role={props.kind}
        name={props.name}
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      <span>
        {props.children}
        {props.hint && <span className="hint">{props.hint}</span>}
      </span>
    </label>
  )
}
