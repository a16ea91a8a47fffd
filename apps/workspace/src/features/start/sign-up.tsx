import type { LibraryItem } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { api, problemAt, problemOf, sayProblem } from '../../platform/api.ts'
import { SelectField, TextField } from '../../platform/field.tsx'
import { Icon } from '../../platform/icon.tsx'
import { Banner } from '../../platform/states.tsx'
import { language, languageNames, t } from '../../platform/words.ts'
import { Frame } from './frame.tsx'
import { QuestionChoice } from './question-choice.tsx'
import { slugOf, stepOfProblem, steps, type SignUpForm, type Step } from './sign-up-form.ts'

const empty = (): SignUpForm => ({
  name: '',
  email: '',
  password: '',
  workspace: { name: '', slug: '', language: language(), timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
  libraryId: 'ces-10-solved',
})

type Part = { form: SignUpForm; put: (part: Partial<SignUpForm>) => void; error: unknown }

/** An account, a workspace and its first question, in three short steps. */
export function SignUp({ token, onBack }: { token?: string; onBack: () => void }) {
  const [form, setForm] = useState(empty)
  const [step, setStep] = useState<Step>('you')
  const library = useQuery({ queryKey: ['library'], queryFn: () => api.surveys.library(), staleTime: Infinity })
  const signUp = useMutation({
    mutationFn: ({ libraryId, ...rest }: SignUpForm) =>
      api.accounts.signUp({ body: { ...rest, question: { libraryId }, token } }),
    onSuccess: ({ workspaceUrl }) => location.assign(workspaceUrl),
    onError: (error) => setStep(stepOfProblem(problemOf(error)) ?? 'question'),
  })
  const place = steps.indexOf(step)
  const put = (part: Partial<SignUpForm>) => setForm((before) => ({ ...before, ...part }))
  const go = (event: FormEvent) => {
    event.preventDefault()
    const next = steps[place + 1]
    if (next) setStep(next)
    else signUp.mutate(form)
  }
  const back = () => {
    const before = steps[place - 1]
    if (before) setStep(before)
    else onBack()
  }
  const part = { form, put, error: signUp.error }
  return (
    <Frame title={t(`start.step.${step}`)} lead={t(`start.stepLead.${step}`)}>
      <Steps step={step} form={form} library={library.data} />
      <form className="st-form" onSubmit={go} key={step}>
        {signUp.isError && (
          <Banner tone="bad" alert>
            <p>
              <strong>{t('start.notYet')}</strong> {sayProblem(signUp.error)}
            </p>
          </Banner>
        )}
        {step === 'you' && <You {...part} />}
        {step === 'company' && <Company {...part} />}
        {step === 'question' && (
          <QuestionChoice
            items={library.data}
            chosen={form.libraryId}
            company={form.workspace.name}
            onChoose={(libraryId) => put({ libraryId })}
          />
        )}
        <div className="buttons">
          <button className="button" data-tone="accent" disabled={signUp.isPending || signUp.isSuccess}>
            {step === 'question' ? t('start.done') : t('start.next')}
          </button>
          <button className="button" data-tone="plain" type="button" onClick={back}>
            {t('start.back')}
          </button>
        </div>
      </form>
    </Frame>
  )
}

function Steps({ step, form, library }: { step: Step; form: SignUpForm; library?: LibraryItem[] }) {
  const said = {
    you: form.name,
    company: form.workspace.name,
    question: library?.find(({ id }) => id === form.libraryId)?.name[language()],
  }
  return (
    <ol className="st-steps">
      {steps.map((one, place) => {
        const done = place < steps.indexOf(step)
        return (
          <li key={one} data-state={done ? 'done' : undefined} aria-current={one === step ? 'step' : undefined}>
            <h2>
              {t(`start.stepName.${one}`)} {done && <Icon name="check" />}
            </h2>
            {done && <p className="quiet">{said[one]}</p>}
          </li>
        )
      })}
    </ol>
  )
}

function You({ form, put, error }: Part) {
  return (
    <>
      <TextField
        label={t('start.name')}
        autoComplete="name"
        required
        maxLength={80}
        value={form.name}
        problem={problemAt(error, 'name')}
        onChange={(name) => put({ name })}
      />
      <TextField
        label={t('start.email')}
        type="email"
        autoComplete="username"
        required
        value={form.email}
        problem={problemAt(error, 'email')}
        onChange={(email) => put({ email })}
      />
      <TextField
        label={t('start.password')}
        hint={t('start.passwordHint')}
        type="password"
        autoComplete="new-password"
        required
        minLength={10}
        wrong={t('start.passwordShort')}
        value={form.password}
        problem={problemAt(error, 'password')}
        onChange={(password) => put({ password })}
      />
    </>
  )
}

function Company({ form, put, error }: Part) {
  const { workspace } = form
  const set = (part: Partial<SignUpForm['workspace']>) => put({ workspace: { ...workspace, ...part } })
  const named = (name: string) =>
    set(workspace.slug === slugOf(workspace.name) ? { name, slug: slugOf(name) } : { name })
  return (
    <>
      <TextField
        label={t('start.company')}
        hint={t('start.companyHint')}
        autoComplete="organization"
        required
        maxLength={80}
        value={workspace.name}
        problem={problemAt(error, 'workspace/name')}
        onChange={named}
      />
      <TextField
        label={t('start.slug')}
        hint={t('start.slugHint')}
        required
        minLength={2}
        maxLength={40}
        pattern="[a-z0-9][a-z0-9\-]*[a-z0-9]"
        value={workspace.slug}
        problem={problemAt(error, 'workspace/slug')}
        onChange={(slug) => set({ slug: slug.toLowerCase() })}
      />
      <SelectField
        label={t('start.firstLanguage')}
        hint={t('start.firstLanguageHint')}
        value={workspace.language}
        options={languageOptions}
        onChange={(chosen) => set({ language: chosen })}
      />
      <SelectField
        label={t('start.timeZone')}
        value={workspace.timeZone}
        options={timeZones(workspace.timeZone)}
        problem={problemAt(error, 'workspace/timeZone')}
        onChange={(timeZone) => set({ timeZone })}
      />
    </>
  )
}

const languageOptions = [
  ['en', languageNames.en],
  ['sl', languageNames.sl],
  ['nb', languageNames.nb],
] as const

function timeZones(own: string): [string, string][] {
  return [...new Set([own, ...Intl.supportedValuesOf('timeZone')])].map((zone) => [zone, zone.replaceAll('_', ' ')])
}
