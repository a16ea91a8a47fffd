import type { ReactNode } from 'react'
import { Trouble } from './states.tsx'
import { t } from './words.ts'

/** What is filled in within a dialog: what was refused, the fields, and at the foot leaving it or saving it. */
export function DialogForm(props: {
  /** Why it was not saved. */
  error?: Error | null
  /** It is on its way, or there is nothing to save yet. */
  waits?: boolean
  /** What saving is called here. */
  saveName?: string
  tone?: 'accent' | 'bad'
  className?: string
  noValidate?: boolean
  onSave: () => void
  onCancel: () => void
  children: ReactNode
}) {
  const { error, waits, saveName = t('shell.save'), tone = 'accent', className = '', noValidate } = props
  return (
    <form
      className={`stack ${className}`.trimEnd()}
      noValidate={noValidate}
      onSubmit={(event) => (event.preventDefault(), props.onSave())}
    >
      <Trouble error={error} />
      {props.children}
      <div className="dialog-foot">
        <button className="button" type="button" onClick={props.onCancel}>
          {t('shell.cancel')}
        </button>
        <button className="button" data-tone={tone} type="submit" disabled={waits}>
          {saveName}
        </button>
      </div>
    </form>
  )
}
