import { useId, useState, type ReactNode } from 'react'
import { Icon } from './icon.tsx'
import { t } from './words.ts'

/**
 * What narrows a list. Where there is little room it is folded behind a button, so that the list is seen first.
 * @param on how many of them narrow it now, which the button says
 */
export function Filters({ on, className, children }: { on: number; className: string; children: ReactNode }) {
  const id = useId()
  const [open, setOpen] = useState(false)
  return (
    <div className="p-filters" data-open={open || undefined}>
      <button type="button" className="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        {on === 0 ? t('shell.filters') : t('shell.filtersOn', { count: on })}
        <Icon name={open ? 'up' : 'down'} />
      </button>
      <div id={id} className={className}>
        {children}
      </div>
    </div>
  )
}
