import type { Language } from '@lahko/contract'
import type { KeyboardEvent } from 'react'
import { Choice } from '../../platform/field.tsx'
import { languageName } from '../../platform/format.ts'
import { languageNames, t } from '../../platform/words.ts'
import { missingIn, withLanguage } from './content.ts'
import type { Draft } from './draft.ts'

const all = Object.keys(languageNames) as Language[]

/** The languages of a survey, each with what it still lacks. */
export function LanguageTabs({
  draft,
  language,
  onChoose,
}: {
  draft: Draft
  language: Language
  onChoose: (language: Language) => void
}) {
  const { content, edit } = draft
  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const next = by && all[(all.indexOf(language) + by + all.length) % all.length]
    if (!next) return
    onChoose(next)
    document.getElementById(`tab-${next}`)?.focus()
  }
  const asked = content.languages.includes(language)
  const set = (languages: Language[]) => edit((before) => ({ ...before, languages }))
  return (
    <div className="bu-languages">
      <div className="tabs" role="tablist" tabIndex={-1} aria-label={t('surveys.language')} onKeyDown={step}>
        {all.map((one) => (
          <button
            key={one}
            id={`tab-${one}`}
            type="button"
            role="tab"
            lang={one}
            tabIndex={one === language ? 0 : -1}
            aria-selected={one === language}
            onClick={() => onChoose(one)}
          >
            {languageNames[one]} <Lack content={content} language={one} />
          </button>
        ))}
      </div>
      <div className="cluster" data-gap="4">
        <Choice
          checked={asked}
          disabled={asked && content.languages.length === 1}
          onChange={(on) => set(withLanguage(content.languages, language, on))}
        >
          {t('surveys.askIn', { language: languageName(language) })}
        </Choice>
        {asked &&
          (content.languages[0] === language ? (
            <span className="quiet">{t('surveys.firstLanguage')}</span>
          ) : (
            <button
              type="button"
              className="button"
              data-size="small"
              data-tone="plain"
              onClick={() => set([language, ...content.languages.filter((one) => one !== language)])}
            >
              {t('surveys.makeFirst')}
            </button>
          ))}
      </div>
    </div>
  )
}

function Lack({ content, language }: { content: Draft['content']; language: Language }) {
  if (!content.languages.includes(language)) return <span className="count">{t('surveys.notAsked')}</span>
  const count = missingIn(content, language)
  return count === 0 ? null : (
    <span className="badge" data-tone="warn">
      {t('surveys.missing', { count })}
    </span>
  )
}
