import type { Language } from '@lahko/contract'
import { languageNames, t } from '../../platform/words.ts'

const all = Object.keys(languageNames) as Language[]

/** In which language readers ask. */
export function LanguageChips({ chosen, onChoose }: { chosen: Language; onChoose: (language: Language) => void }) {
  return (
    <fieldset className="chips" aria-label={t('articles.languages')}>
      {all.map((one) => (
        <button
          key={one}
          type="button"
          className="chip"
          data-size="small"
          lang={one}
          aria-pressed={one === chosen}
          onClick={() => onChoose(one)}
        >
          {languageNames[one]}
        </button>
      ))}
    </fieldset>
  )
}
