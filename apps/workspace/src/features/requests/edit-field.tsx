import type { GivenTicketField, Language } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt } from '../../platform/api.ts'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Choice, Field, SelectField, TextField } from '../../platform/field.tsx'
import { say } from '../../platform/toasts.tsx'
import { languageNames, t } from '../../platform/words.ts'
import { refreshFields } from './form-data.ts'

const fieldKinds = ['text', 'number', 'date', 'choice', 'yes_no'] as const
const onFormStates = ['no', 'optional', 'required'] as const
const languages = Object.keys(languageNames) as Language[]

/** Makes a field or changes one. */
export function EditField(props: {
  id?: string
  saved: GivenTicketField
  topics: readonly string[]
  onDone: () => void
}) {
  const { id, saved, onDone } = props
  const [field, setField] = useState(saved)
  const put = (part: Partial<GivenTicketField>) => setField((before) => ({ ...before, ...part }))
  const save = useMutation({
    mutationFn: () => {
      const body = { ...field, choices: field.kind === 'choice' ? field.choices : [] }
      return id ? api.contactForm.changeField({ params: { id }, body }) : api.contactForm.createField({ body })
    },
    onSuccess: async () => {
      await refreshFields()
      say(t('requests.saved'))
      onDone()
    },
  })
  return (
    <DialogForm noValidate error={save.error} waits={save.isPending} onSave={() => save.mutate()} onCancel={onDone}>
      <TextField
        label={t('requests.fieldName')}
        hint={t('requests.fieldNameHint')}
        problem={problemAt(save.error, 'name')}
        maxLength={80}
        value={field.name}
        onChange={(name) => put({ name })}
      />
      {languages.map((one) => (
        <TextField
          key={one}
          label={t('requests.labelIn', { language: languageNames[one] })}
          maxLength={120}
          value={field.label[one] ?? ''}
          onChange={(label) => put({ label: { ...field.label, [one]: label || undefined } })}
        />
      ))}
      <SelectField
        label={t('requests.kindOfField')}
        value={field.kind}
        options={fieldKinds.map((kind) => [kind, t(`requests.kind.${kind}`)] as const)}
        problem={problemAt(save.error, 'kind')}
        onChange={(kind) => put({ kind })}
      />
      {field.kind === 'choice' && (
        <Choices field={field} problem={problemAt(save.error, 'choices')} onChange={(choices) => put({ choices })} />
      )}
      <SelectField
        label={t('requests.onTheForm')}
        value={field.onForm}
        options={onFormStates.map((state) => [state, t(`requests.onForm.${state}`)] as const)}
        onChange={(onForm) => put({ onForm })}
      />
      <Choice checked={field.requiredOnSolving} onChange={(requiredOnSolving) => put({ requiredOnSolving })}>
        {t('requests.requiredOnSolving')}
      </Choice>
      <OfTopics {...props} chosen={field.topics} onChange={(topics) => put({ topics })} />
    </DialogForm>
  )
}

type Given = { field: GivenTicketField; problem?: string; onChange: (choices: GivenTicketField['choices']) => void }

/** A line for each value; in other languages the same lines in the same order. */
function Choices({ field, problem, onChange }: Given) {
  const [texts, setTexts] = useState<Record<string, string>>(() => ({
    values: field.choices.map(({ value }) => value).join('\n'),
    ...Object.fromEntries(languages.map((one) => [one, field.choices.map(({ label }) => label[one] ?? '').join('\n')])),
  }))
  const write = (name: string, text: string) => {
    const all = { ...texts, [name]: text }
    setTexts(all)
    const lines = (of: string) => (all[of] ?? '').split('\n').map((line) => line.trim())
    const choices = lines('values').map((value, at) => ({
      value,
      label: Object.fromEntries(languages.flatMap((one) => (lines(one)[at] ? [[one, lines(one)[at]]] : []))),
    }))
    onChange(choices.filter(({ value }) => value !== ''))
  }
  return (
    <>
      {['values', ...languages].map((name) => (
        <Field
          key={name}
          label={
            name === 'values'
              ? t('requests.values')
              : t('requests.valuesIn', { language: languageNames[name as Language] })
          }
          hint={name === 'values' ? t('requests.valuesHint') : undefined}
          problem={name === 'values' ? problem : undefined}
        >
          {(control) => (
            <textarea
              className="input"
              rows={3}
              {...control}
              value={texts[name]}
              onChange={({ target }) => write(name, target.value)}
            />
          )}
        </Field>
      ))}
    </>
  )
}

function OfTopics(props: { topics: readonly string[]; chosen: readonly string[]; onChange: (all: string[]) => void }) {
  const { chosen, onChange } = props
  const all = [...new Set([...props.topics, ...chosen])]
  if (all.length === 0) return null
  return (
    <fieldset className="field">
      <legend>{t('requests.onlyWith')}</legend>
      {all.map((topic) => (
        <Choice
          key={topic}
          checked={chosen.includes(topic)}
          onChange={(on) => onChange(on ? [...chosen, topic] : chosen.filter((one) => one !== topic))}
        >
          {topic}
        </Choice>
      ))}
    </fieldset>
  )
}
