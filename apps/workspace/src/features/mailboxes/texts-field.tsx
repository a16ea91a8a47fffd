import { languages, type Language } from '@lahko/contract/values'
import { Field } from '../../platform/field.tsx'
import { languageName } from '../../platform/format.ts'

type Texts = Record<Language, string>

/** The same text in each language. */
export function TextsField(props: { legend: string; hint?: string; texts: Texts; onChange: (texts: Texts) => void }) {
  const { legend, hint, texts, onChange } = props
  return (
    <fieldset className="ib-part">
      <legend>{legend}</legend>
      {hint && <p className="quiet">{hint}</p>}
      {languages.map((one) => (
        <Field key={one} label={languageName(one)}>
          {(field) => (
            <textarea
              className="input"
              rows={3}
              lang={one}
              {...field}
              value={texts[one]}
              onChange={(event) => onChange({ ...texts, [one]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </fieldset>
  )
}
