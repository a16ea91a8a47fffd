import type { Workspace } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api, problemAt, problemOf, queries, sayProblem } from '../../platform/api.ts'
import { Choice, Field, SelectField, TextField } from '../../platform/field.tsx'
import { Banner } from '../../platform/states.tsx'
import { say } from '../../platform/toasts.tsx'
import { languageNames, t } from '../../platform/words.ts'
import { meQuery, paintAccent, useMay, useMe } from '../shell/me.ts'
import { Colour } from './colour.tsx'
import { Hosts } from './hosts.tsx'
import { Logo } from './logo.tsx'
import { Reached, reachedOf, sentReached, type ReachedForm } from './reached.tsx'

type Kept = 'keepMonths' | 'keepSearchesMonths'
type Form = Pick<Workspace, 'name' | 'language' | 'timeZone' | 'accentHue' | 'accentChroma' | Kept> &
  ReachedForm & {
    postalAddress: string
    ownAddresses: string
  }
type Change = Parameters<typeof api.accounts.changeWorkspace>[0] extends { body: infer B } | undefined ? B : never

const months = [12, 24, 36] as const
const searchesMonths = [3, 13, 25] as const

/** The company as customers see it, and how long answers are kept. */
export function Company() {
  const { workspace } = useMe()
  const mayChange = useMay('workspace.manage')
  const [form, setForm] = useState(() => formOf(workspace))
  const put = (part: Partial<Form>) => setForm((before) => ({ ...before, ...part }))
  const save = useMutation({
    mutationFn: () => api.accounts.changeWorkspace({ body: changeOf(workspace, form) }),
    onSuccess: (saved) => {
      setForm(formOf(saved))
      say(t('accounts.saved'))
      return queries.invalidateQueries({ queryKey: meQuery.queryKey })
    },
  })
  useTrialColour(form, workspace)
  const count = Object.keys(changeOf(workspace, form)).length
  const problem = (field: string) => problemAt(save.error, field)
  return (
    <form className="se-form" noValidate onSubmit={(event) => (event.preventDefault(), save.mutate())}>
      <h1>{t('accounts.part.company')}</h1>
      {save.isError && (
        <Banner tone="bad" alert>
          <p>
            <strong>{t('accounts.notSaved')}</strong> {sayProblem(save.error)}
          </p>
        </Banner>
      )}
      <fieldset className="se-fields" disabled={!mayChange}>
        <section>
          <h2>{t('accounts.company')}</h2>
          <TextField
            label={t('start.company')}
            required
            maxLength={80}
            value={form.name}
            problem={problem('name')}
            onChange={(name) => put({ name })}
          />
          <SelectField
            label={t('start.firstLanguage')}
            value={form.language}
            options={languageOptions}
            problem={problem('language')}
            onChange={(language) => put({ language })}
          />
          <SelectField
            label={t('start.timeZone')}
            hint={t('accounts.timeZoneHint')}
            value={form.timeZone}
            options={zones(form.timeZone)}
            problem={problem('timeZone')}
            onChange={(timeZone) => put({ timeZone })}
          />
          <Logo />
          <Field
            label={t('accounts.postalAddress')}
            hint={t('accounts.postalAddressHint')}
            problem={problem('postalAddress')}
          >
            {(field) => (
              <textarea
                className="input"
                rows={3}
                maxLength={300}
                autoComplete="street-address"
                {...field}
                value={form.postalAddress}
                onChange={(event) => put({ postalAddress: event.target.value })}
              />
            )}
          </Field>
        </section>
        <Reached form={form} problem={problem} onChange={put} />
        <Hosts />
        <section>
          <h2>{t('accounts.colour')}</h2>
          <Colour
            hue={form.accentHue}
            chroma={form.accentChroma}
            onHue={(accentHue) => put({ accentHue })}
            onChroma={(accentChroma) => put({ accentChroma })}
          />
        </section>
        <section>
          <h2>{t('accounts.answers')}</h2>
          <fieldset className="stack" data-gap="1">
            <legend className="field-label">
              <strong>{t('accounts.keepFor')}</strong>
            </legend>
            <p className="quiet">{t('accounts.keepHint')}</p>
            {[...new Set([...months, ...(workspace.keepMonths ? [workspace.keepMonths] : [])])]
              .toSorted((a, b) => a - b)
              .map((one) => (
                <Choice
                  key={one}
                  type="radio"
                  name="keep"
                  checked={form.keepMonths === one}
                  onChange={() => put({ keepMonths: one })}
                >
                  {t('accounts.months', { count: one })}
                </Choice>
              ))}
            <Choice
              type="radio"
              name="keep"
              checked={form.keepMonths === null}
              hint={t('accounts.noLimitHint')}
              onChange={() => put({ keepMonths: null })}
            >
              {t('accounts.noLimit')}
            </Choice>
          </fieldset>
          <SelectField
            label={t('accounts.keepSearchesFor')}
            hint={t('accounts.keepSearchesHint')}
            value={String(form.keepSearchesMonths)}
            problem={problem('keepSearchesMonths')}
            options={[...new Set([...searchesMonths, workspace.keepSearchesMonths])]
              .toSorted((a, b) => a - b)
              .map((one) => [String(one), t('accounts.months', { count: one })] as const)}
            onChange={(chosen) => put({ keepSearchesMonths: Number(chosen) })}
          />
          <Field
            label={t('accounts.ownAddresses')}
            hint={t('accounts.ownAddressesHint')}
            problem={problem('ownAddresses') ?? addressProblem(save.error)}
          >
            {(field) => (
              <textarea
                className="input"
                rows={3}
                spellCheck={false}
                {...field}
                value={form.ownAddresses}
                onChange={(event) => put({ ownAddresses: event.target.value })}
              />
            )}
          </Field>
        </section>
      </fieldset>
      {mayChange && (
        <div className="se-save" data-changed={count > 0 || undefined}>
          <button className="button" data-tone="accent" disabled={count === 0 || save.isPending}>
            {t('surveys.save')}
          </button>
          <button
            className="button"
            data-tone="plain"
            type="button"
            disabled={count === 0}
            onClick={() => setForm(formOf(workspace))}
          >
            {t('surveys.undoChanges')}
          </button>
          {count > 0 && <span className="quiet">{t('surveys.changes', { count })}</span>}
        </div>
      )}
    </form>
  )
}

/** The whole screen in the colour that is being tried; back to the saved one when the screen is left. */
function useTrialColour(form: Form, { accentHue, accentChroma }: Workspace): void {
  useEffect(() => paintAccent(form.accentHue, form.accentChroma), [form.accentHue, form.accentChroma])
  useEffect(() => () => paintAccent(accentHue, accentChroma), [accentHue, accentChroma])
}

const languageOptions = [
  ['en', languageNames.en],
  ['sl', languageNames.sl],
  ['nb', languageNames.nb],
] as const

function zones(own: string): [string, string][] {
  return [...new Set([own, ...Intl.supportedValuesOf('timeZone')])].map((zone) => [zone, zone.replaceAll('_', ' ')])
}

function formOf(workspace: Workspace): Form {
  const { name, language, timeZone, accentHue, accentChroma, keepMonths, keepSearchesMonths } = workspace
  const { ownAddresses, postalAddress } = workspace
  return {
    ...{ name, language, timeZone, accentHue, accentChroma, keepMonths, keepSearchesMonths },
    ...reachedOf(workspace),
    postalAddress: postalAddress ?? '',
    ownAddresses: ownAddresses.join('\n'),
  }
}

function changeOf(workspace: Workspace, form: Form): Change {
  const saved = formOf(workspace)
  const names = (Object.keys(form) as (keyof Form)[]).filter((name) => form[name] !== saved[name])
  const given = {
    ...form,
    ...sentReached(form),
    postalAddress: form.postalAddress.trim() || null,
    ownAddresses: form.ownAddresses.split(/[\s,;]+/).filter(Boolean),
  }
  return Object.fromEntries(names.map((name) => [name, given[name]]))
}

function addressProblem(error: unknown): string | undefined {
  return (
    problemOf(error)?.errors?.find(({ field }) => field.startsWith('/body/ownAddresses')) && t('accounts.addressWrong')
  )
}
