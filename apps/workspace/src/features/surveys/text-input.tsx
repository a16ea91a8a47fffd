import type { Language, Translated } from '@lahko/contract'
import type { ChangeEvent } from 'react'
import { Field } from '../../platform/field.tsx'

type Props = {
  text: Translated
  language: Language
  /** What the first language says, shown where this one says nothing. */
  fallback?: string
  max: number
  onChange: (text: Translated) => void
}

/** A text of the survey in the language that is being edited. */
export function TextInput({ label, hint, long, ...props }: Props & { label: string; hint?: string; long?: boolean }) {
  return (
    <Field label={label} hint={hint}>
      {(field) => (
        <textarea className="input" data-short={!long || undefined} rows={long ? 2 : 1} {...field} {...given(props)} />
      )}
    </Field>
  )
}

/** The same in a list, where the list itself tells what it is. */
export function BareInput({ label, id, ...props }: Props & { label: string; id?: string }) {
  return <textarea rows={1} className="input bu-bare" data-short id={id} aria-label={label} {...given(props)} />
}

function given({ text, language, fallback, max, onChange }: Props) {
  return {
    lang: language,
    maxLength: max,
    placeholder: fallback,
    value: text[language] ?? '',
    // Fields grow with their text, so they are areas; only a thank-you may have lines.
    onChange: ({ target }: ChangeEvent<HTMLTextAreaElement>) =>
      onChange({
        ...text,
        [language]: (target.rows > 1 ? target.value : target.value.replaceAll(/\s*\n\s*/g, ' ')) || undefined,
      }),
  }
}
