import { useId, useLayoutEffect, useRef, type ReactNode } from 'react'
import { Icon } from './icon.tsx'
import { t } from './words.ts'

/** What is filled in first has the keyboard; the browser would give it to the cross. */
function focusFirst(dialog: HTMLDialogElement | null): void {
  const first = dialog?.querySelector<HTMLElement>('[data-first], form :is(input, select, textarea):enabled')
  first?.focus()
  if (first instanceof HTMLInputElement && first.type !== 'radio') first.select()
}

/** A modal dialog; the browser holds the focus inside, hears Escape and gives the focus back. */
export function Dialog(props: { title: string; wide?: boolean; onClose: () => void; children: ReactNode }) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  // Closed before it is taken out of the page, it gives the keyboard back to where it was.
  useLayoutEffect(() => {
    const dialog = ref.current
    // A click on what lies behind closes it, where the browser knows how.
    dialog?.setAttribute('closedby', 'any')
    dialog?.showModal()
    focusFirst(dialog)
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={ref}
      className="dialog"
      data-wide={props.wide || undefined}
      aria-labelledby={id}
      // The browser tells only a while after it has closed: a key pressed until then would be lost.
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return // a choice of a file that came to nothing
        event.preventDefault()
        props.onClose()
      }}
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
          onClick={props.onClose}
        >
          <Icon name="cross" />
        </button>
      </div>
      {props.children}
    </dialog>
  )
}
