import { useEffect, useId, useRef, type ReactNode } from 'react'
import { Icon } from './icon.tsx'
import { t } from './words.ts'

/** A modal dialog; the browser holds the focus inside, closes it on Escape and gives the focus back. */
export function Dialog(props: { title: string; wide?: boolean; onClose: () => void; children: ReactNode }) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = ref.current
    // A click on what lies behind closes it, where the browser knows how.
    dialog?.setAttribute('closedby', 'any')
    dialog?.showModal()
    dialog?.querySelector<HTMLElement>('[data-first]')?.focus()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={ref}
      className="dialog"
      data-wide={props.wide || undefined}
      aria-labelledby={id}
      onClose={props.onClose}
    >
      <div className="p-dialog-head">
        <h2 id={id}>{props.title}</h2>
        <button
          className="button"
          data-tone="plain"
          data-size="small"
          data-icon
          type="button"
          aria-label={t('shell.close')}
          onClick={() => ref.current?.close()}
        >
          <Icon name="cross" />
        </button>
      </div>
      {props.children}
    </dialog>
  )
}
