import type { ReactNode } from 'react'

type Props = { label: string; className?: string; children: ReactNode }

/** What may be wider than the screen: scrolled by keyboard too, so that it has a name. */
export function ScrollX({ label, className = '', children }: Props) {
  return (
    <section className={`scroll-x ${className}`.trim()} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
