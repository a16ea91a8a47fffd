import type { MetricName, Survey } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, problemAt, queries, sayProblem } from '../../platform/api.ts'
import { Choice, SelectField, TextField } from '../../platform/field.tsx'
import { moment, number } from '../../platform/format.ts'
import { Banner } from '../../platform/states.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { ScrollX } from '../../platform/scroll-x.tsx'
import { attributeName } from '../insight/attributes.ts'
import { metrics } from '../insight/effort-search.ts'
import { metricName } from '../insight/figures.ts'
import { useMay } from '../shell/me.ts'
import { Declared } from './declared.tsx'

type Form = Pick<Survey, 'name' | 'key' | 'metric' | 'identity' | 'declared' | 'closesOn'>

/** What is around the questions: name, address, who is known, what is compared, when it ends, old answers. */
export function About({ survey }: { survey: Survey }) {
  const mayWrite = useMay('surveys.write')
  const mayImport = useMay('responses.import')
  const [form, setForm] = useState<Form>(() => formOf(survey))
  const put = (part: Partial<Form>) => setForm((before) => ({ ...before, ...part }))
  const save = useMutation({
    mutationFn: () => api.surveys.change({ params: { id: survey.id }, body: changesOf(survey, form) }),
    onSuccess: (saved) => {
      queries.setQueryData(['survey', survey.id], saved)
      void queries.invalidateQueries({ queryKey: ['surveys'] })
      setForm(formOf(saved))
      say(t('surveys.saved'))
    },
  })
  const count = Object.keys(changesOf(survey, form)).length
  const { scale } = (survey.content ?? survey.draft)?.score ?? {}
  return (
    <form className="bu-plain" onSubmit={(event) => (event.preventDefault(), save.mutate())}>
      {save.isError && (
        <Banner tone="bad" alert>
          <p>
            <strong>{t('surveys.notSaved')}</strong> {sayProblem(save.error)}
          </p>
        </Banner>
      )}
      {survey.rebuild && (
        <Banner>
          <p>{t('surveys.rebuilding', { done: number(survey.rebuild.done), total: number(survey.rebuild.total) })}</p>
        </Banner>
      )}
      <fieldset className="bu-fields" disabled={!mayWrite}>
        <section>
          <h2>{t('surveys.nameAndAddress')}</h2>
          <div>
            <TextField
              label={t('surveys.name')}
              hint={t('surveys.nameHint')}
              required
              maxLength={120}
              value={form.name}
              problem={problemAt(save.error, 'name')}
              onChange={(name) => put({ name })}
            />
            <TextField
              label={t('surveys.key')}
              hint={t('surveys.keyHint')}
              required
              pattern="[a-z0-9\-]{2,40}"
              value={form.key}
              problem={problemAt(save.error, 'key')}
              onChange={(key) => put({ key: key.toLowerCase() })}
            />
            <TextField
              type="date"
              label={t('surveys.closesOn')}
              hint={t('surveys.closesOnHint')}
              value={form.closesOn ?? ''}
              problem={problemAt(save.error, 'closesOn')}
              onChange={(date) => put({ closesOn: date || null })}
            />
          </div>
        </section>
        <section>
          <h2>{t('surveys.figures')}</h2>
          <div>
            {scale && (
              <SelectField
                label={t('surveys.mainMetric')}
                value={form.metric}
                options={metrics.map((metric: MetricName) => [metric, metricName(metric, scale)] as const)}
                onChange={(metric) => put({ metric })}
              />
            )}
            <Declared declared={form.declared} nameOf={attributeName} onChange={(declared) => put({ declared })} />
          </div>
        </section>
        <section>
          <h2>{t('surveys.who')}</h2>
          <fieldset className="stack" data-gap="1">
            <legend className="visually-hidden">{t('surveys.who')}</legend>
            {(['identified', 'anonymous'] as const).map((identity) => (
              <Choice
                key={identity}
                type="radio"
                name="identity"
                checked={form.identity === identity}
                disabled={survey.answers > 0}
                hint={t(`surveys.identity.${identity}Hint`)}
                onChange={() => put({ identity })}
              >
                {t(`surveys.identity.${identity}`)}
              </Choice>
            ))}
            {survey.answers > 0 && <p className="quiet">{t('surveys.identityFixed')}</p>}
          </fieldset>
        </section>
      </fieldset>
      {mayWrite && (
        <div className="bu-save">
          <button className="button" data-tone="accent" disabled={count === 0 || save.isPending}>
            {t('surveys.save')}
          </button>
          <button
            className="button"
            data-tone="plain"
            type="button"
            disabled={count === 0}
            onClick={() => setForm(formOf(survey))}
          >
            {t('surveys.undoChanges')}
          </button>
          {count > 0 && <span className="quiet">{t('surveys.changes', { count })}</span>}
        </div>
      )}
      {mayImport && (
        <section>
          <h2>{t('surveys.oldAnswers')}</h2>
          <div>
            <p>{t('surveys.oldAnswersHint')}</p>
            <p>
              <Link className="button" to="/surveys/$id/import" params={{ id: survey.id }}>
                {t('surveys.bringIn')}
              </Link>
            </p>
          </div>
        </section>
      )}
      <Versions survey={survey} />
    </form>
  )
}

function Versions({ survey }: { survey: Survey }) {
  if (survey.versions.length === 0) return null
  return (
    <section>
      <h2>{t('surveys.versions')}</h2>
      <ScrollX label={t('surveys.versions')}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('surveys.version')}</th>
              <th scope="col">{t('surveys.wording')}</th>
              <th scope="col">{t('surveys.published')}</th>
              <th scope="col" data-number>
                {t('surveys.wordingAnswers')}
              </th>
            </tr>
          </thead>
          <tbody>
            {survey.versions.map((one) => (
              <tr key={one.version}>
                <th scope="row">{one.version}</th>
                <td>{one.wording}</td>
                <td>{moment(one.publishedAt)}</td>
                <td data-number>{number(one.answers)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </section>
  )
}

function formOf({ name, key, metric, identity, declared, closesOn }: Survey): Form {
  return { name, key, metric, identity, declared, closesOn }
}

function changesOf(survey: Survey, form: Form): Partial<Form> {
  const names = Object.keys(form) as (keyof Form)[]
  return Object.fromEntries(
    names.filter((name) => String(form[name]) !== String(survey[name])).map((name) => [name, form[name]]),
  )
}
