import type { ContactForm, Language } from '@lahko/contract'
import { contract } from '@lahko/contract'
import { addressOf } from '@lahko/contract/client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemOf, queries, sayProblem } from '../../platform/api.ts'
import { CopyButton } from '../../platform/copy-button.tsx'
import { Choice, Field, SelectField } from '../../platform/field.tsx'
import { Banner, Failed, Waiting } from '../../platform/states.tsx'
import { say } from '../../platform/toasts.tsx'
import { languageNames, language as screenLanguage, t } from '../../platform/words.ts'
import './features.css'
import { fieldsQuery, formQuery } from './form-data.ts'
import { TicketFields } from './ticket-fields.tsx'
import { Topics } from './topics.tsx'

const languages = Object.keys(languageNames) as Language[]

/** By what customers ask for help, and what is asked of a ticket. */
export function ContactFormSettings() {
  const form = useQuery(formQuery)
  const fields = useQuery(fieldsQuery)
  const problem = form.error ?? fields.error
  return (
    <div className="se-form">
      <h1>{t('requests.contactForm')}</h1>
      <p className="quiet">{t('requests.contactFormIs')}</p>
      {problem && <Failed error={problem} retry={() => void Promise.all([form.refetch(), fields.refetch()])} />}
      {!problem && (form.isPending || fields.isPending) && <Waiting lines={6} />}
      {form.data && fields.data && (
        <>
          <Form key={JSON.stringify(form.data)} saved={form.data} />
          <TicketFields fields={fields.data} topics={form.data.topics.map(({ name }) => name)} />
          <Preview version={JSON.stringify([form.data, fields.data])} />
        </>
      )}
    </div>
  )
}

function Form({ saved }: { saved: ContactForm }) {
  const [form, setForm] = useState(saved)
  const put = (part: Partial<ContactForm>) => setForm((before) => ({ ...before, ...part }))
  const save = useMutation({
    mutationFn: () => api.contactForm.change({ body: { open: form.open, intro: form.intro, topics: form.topics } }),
    onSuccess: (now) => {
      queries.setQueryData(formQuery.queryKey, now)
      say(t('requests.saved'))
    },
  })
  return (
    <form className="se-fields" noValidate onSubmit={(event) => (event.preventDefault(), save.mutate())}>
      {save.isError && (
        <Banner tone="bad" alert>
          <p>{problemOf(save.error)?.errors?.[0]?.message ?? sayProblem(save.error)}</p>
        </Banner>
      )}
      <section>
        <h2>{t('requests.page')}</h2>
        <Choice kind="switch" checked={form.open} onChange={(open) => put({ open })} hint={t('requests.openHint')}>
          {t('requests.open')}
        </Choice>
        {saved.url && (
          <div className="se-copy">
            <input
              className="input se-code"
              id="form-url"
              readOnly
              aria-label={t('requests.formAddress')}
              value={saved.url}
            />
            <CopyButton text={saved.url} field="form-url" />
          </div>
        )}
        {languages.map((one) => (
          <Field key={one} label={t('requests.introIn', { language: languageNames[one] })}>
            {(field) => (
              <textarea
                className="input"
                rows={2}
                maxLength={600}
                lang={one}
                {...field}
                value={form.intro[one] ?? ''}
                onChange={({ target }) => put({ intro: { ...form.intro, [one]: target.value || undefined } })}
              />
            )}
          </Field>
        ))}
      </section>
      <Topics topics={form.topics} onChange={(topics) => put({ topics })} />
      <div className="buttons">
        <button className="button" data-tone="accent" type="submit" disabled={save.isPending}>
          {t('requests.save')}
        </button>
      </div>
    </form>
  )
}

/** The page as it is saved, which sends nothing. */
function Preview({ version }: { version: string }) {
  const [language, setLanguage] = useState<Language>(screenLanguage())
  return (
    <section>
      <h2>{t('requests.preview')}</h2>
      <p className="quiet">{t('requests.previewIs')}</p>
      <SelectField
        label={t('requests.language')}
        value={language}
        options={languages.map((one) => [one, languageNames[one]] as const)}
        onChange={setLanguage}
      />
      <iframe
        key={version}
        className="rq-preview"
        title={t('requests.preview')}
        sandbox=""
        src={addressOf(contract.contactForm.page, { query: { language } })}
      />
    </section>
  )
}
