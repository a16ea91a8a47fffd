import type { Language } from '@lahko/contract'
import type { ReactNode } from 'react'
import { Icon } from '../../platform/icon.tsx'
import { language, languageNames, speak, t } from '../../platform/words.ts'
import './features.css'

/** The page of whoever is not inside yet: one sentence, one step. */
export function Frame(props: {
  title: string
  lead?: ReactNode
  children: ReactNode
  foot?: ReactNode
  narrow?: boolean
}) {
  return (
    <>
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      <main className="st" id="main" data-narrow={props.narrow || undefined}>
        <header>
          <p className="brand">
            <Icon name="mark" /> Lahko
          </p>
          <h1>{props.title}</h1>
          {props.lead && <p className="st-lead">{props.lead}</p>}
        </header>
        {props.children}
        {props.foot && <footer className="st-foot">{props.foot}</footer>}
      </main>
    </>
  )
}

/** Another language for these pages; inside, everybody has their own. */
export function Languages() {
  return (
    <fieldset className="cluster st-languages" aria-label={t('start.language')}>
      {(Object.keys(languageNames) as Language[]).map((one) => (
        <button
          key={one}
          type="button"
          className="button"
          data-tone="plain"
          data-size="small"
          lang={one}
          aria-pressed={one === language() || undefined}
          onClick={() => void change(one)}
        >
          {languageNames[one]}
        </button>
      ))}
    </fieldset>
  )
}

async function change(wanted: Language): Promise<void> {
  await speak(wanted)
  location.reload()
}
