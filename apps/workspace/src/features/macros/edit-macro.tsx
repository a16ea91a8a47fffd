import type { Language } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { api, problemAt } from '../../platform/api.ts'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Dialog } from '../../platform/dialog.tsx'
import { Choice, Field, TextField } from '../../platform/field.tsx'
import { say } from '../../platform/toasts.tsx'
import { language as ownLanguage, languageNames, t } from '../../platform/words.ts'
import { Tabs } from '../programmes/mail-tabs.tsx'
import { EditActions } from './edit-actions.tsx'
import { bodyOf, readMacros, variables, written, type Writing } from './macro-data.ts'
import { Sample } from './sample.tsx'

const all = Object.keys(languageNames) as Language[]

/** One macro: its name, its text in each language, what it does, and how it would read. */
export function EditMacro(props: { given: Writing; mayShare: boolean; onClose: () => void }) {
  const { given, mayShare, onClose } = props
  const [macro, setMacro] = useState(given)
  const [language, setLanguage] = useState(() => all.find((one) => given.texts[one]) ?? ownLanguage())
  const put = (part: Partial<Writing>) => setMacro((before) => ({ ...before, ...part }))
  const save = useMutation({
    mutationFn: () =>
      macro.id === undefined
        ? api.macros.create({ body: bodyOf(macro) })
        : api.macros.change({ params: { id: macro.id }, body: bodyOf(macro) }),
    onSuccess: () => (readMacros(), say(t('macros.saved', { name: macro.name })), onClose()),
    // Where the mistake is, not where the writer happens to look.
    onError: (error) => setLanguage((now) => all.find((one) => problemAt(error, `texts/${one}`)) ?? now),
  })
  const text = macro.texts[language] ?? ''
  return (
    <Dialog title={t(macro.id === undefined ? 'macros.new' : 'macros.changing')} wide onClose={onClose}>
      <DialogForm
        className="mc-edit"
        error={save.error}
        waits={save.isPending}
        onSave={() => save.mutate()}
        onCancel={onClose}
      >
        <TextField
          label={t('macros.name')}
          hint={t('macros.nameHint')}
          required
          maxLength={60}
          value={macro.name}
          problem={problemAt(save.error, 'name')}
          onChange={(name) => put({ name })}
        />
        <Tabs
          label={t('macros.language')}
          options={all.map((one) => [
            one,
            languageNames[one] + (macro.texts[one]?.trim() ? '' : ` (${t('macros.empty')})`),
          ])}
          chosen={language}
          onChoose={setLanguage}
        />
        <EditText
          language={language}
          text={text}
          problem={problemAt(save.error, `texts/${language}`) ?? problemAt(save.error, 'texts')}
          onChange={(written) => put({ texts: { ...macro.texts, [language]: written } })}
        />
        <Sample text={text} language={language} />
        <div className="mc-part">
          <EditActions actions={macro.actions} onChange={(actions) => put({ actions })} />
        </div>
        {mayShare && (
          <Choice checked={macro.shared} hint={t('macros.sharedHint')} onChange={(shared) => put({ shared })}>
            {t('macros.shared')}
          </Choice>
        )}
      </DialogForm>
    </Dialog>
  )
}

/** The text of one language; variables go to where one writes. */
function EditText(props: { language: Language; text: string; problem?: string; onChange: (text: string) => void }) {
  const { language, text, problem, onChange } = props
  const area = useRef<HTMLTextAreaElement>(null)
  const insert = (variable: string) => {
    const at = area.current?.selectionStart ?? text.length
    onChange(text.slice(0, at) + written(variable) + text.slice(at))
    area.current?.focus()
  }
  return (
    <>
      <Field label={t('macros.text')} hint={t('macros.textHint')} problem={problem}>
        {(field) => (
          <textarea
            className="input"
            ref={area}
            rows={6}
            lang={language}
            maxLength={20_000}
            value={text}
            onChange={({ target }) => onChange(target.value)}
            {...field}
          />
        )}
      </Field>
      <fieldset className="mc-variables">
        <legend className="hint">{t('macros.variables')}</legend>
        <div className="chips">
          {variables.map((name) => (
            <button key={name} type="button" className="chip" data-size="small" onClick={() => insert(name)}>
              {t(`macros.variable.${name}`)}
            </button>
          ))}
        </div>
      </fieldset>
    </>
  )
}
