import { t } from '../../platform/words.ts'
import { kinds, spoken } from './content.ts'
import type { Editing } from './draft.ts'
import { TextInput } from './text-input.tsx'

/** What a customer reads after sending, by what the score counts as. */
export function EditThanks({ draft, language }: Editing) {
  const { content, edit } = draft
  return (
    <section>
      <h2>
        {t('surveys.thanks')} <small>{t('surveys.thanksHint')}</small>
      </h2>
      <div>
        {kinds.map((kind) => (
          <TextInput
            key={kind}
            long
            label={t(`surveys.thanks.${kind}`, { family: content.score.scale.family })}
            max={500}
            text={content.thanks[kind]}
            language={language}
            fallback={spoken(content.thanks[kind], language, content)}
            onChange={(text) => edit((before) => ({ ...before, thanks: { ...before.thanks, [kind]: text } }))}
          />
        ))}
      </div>
    </section>
  )
}
