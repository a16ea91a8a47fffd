import type { ReactNode } from 'react'
import { sayProblem } from './api.ts'
import { Icon, type IconName } from './icon.tsx'
import { t } from './words.ts'

/** What belongs here, and the next step. */
export function Empty(props: {
  icon: IconName
  title: string
  /** When it is all that the page has. */
  page?: boolean
  children?: ReactNode
  action?: ReactNode
}) {
  const Title = props.page ? 'h1' : 'h2'
  return (
    <div className="empty">
      <Icon name={props.icon} />
      <Title>{props.title}</Title>
      {props.children && <p className="quiet">{props.children}</p>}
      {props.action}
    </div>
  )
}

/** What happened, and trying again. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <Banner tone="bad">
      <p>
        <strong>{t('shell.notLoaded')}</strong> {sayProblem(error)}
      </p>
      {retry && (
        <button className="button" data-size="small" type="button" onClick={retry}>
          {t('shell.tryAgain')}
        </button>
      )}
    </Banner>
  )
}

/** Why something was not done. */
export function Trouble({ error }: { error: Error | null | undefined }) {
  if (!error) return null
  return (
    <Banner tone="bad" alert>
      <p>{sayProblem(error)}</p>
    </Banner>
  )
}

/** A sentence that concerns this page. */
export function Banner(props: { tone?: 'good' | 'warn' | 'bad' | 'accent'; alert?: boolean; children: ReactNode }) {
  const icon = props.tone === 'good' ? 'check' : props.tone === 'warn' || props.tone === 'bad' ? 'warning' : 'note'
  return (
    <div className="banner" data-tone={props.tone} role={props.alert ? 'alert' : undefined}>
      <Icon name={icon} />
      {props.children}
    </div>
  )
}

/** Holds the place of lines that are on their way. */
export function Waiting({ lines = 3 }: { lines?: number }) {
  const widths = ['half', undefined, 'most'] as const
  return (
    <div className="stack p-waiting" aria-busy="true">
      <span className="visually-hidden" aria-live="polite">
        {t('shell.loading')}
      </span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="skeleton" data-width={widths[line % 3]} />
      ))}
    </div>
  )
}
