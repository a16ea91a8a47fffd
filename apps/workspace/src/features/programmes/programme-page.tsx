import type { Programme, ProgrammeSettings } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { api, problemAt, queries, sayProblem } from '../../platform/api.ts'
import { SelectField, TextField } from '../../platform/field.tsx'
import { Icon } from '../../platform/icon.tsx'
import { Banner, Failed, Waiting } from '../../platform/states.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay, useTitle } from '../shell/me.ts'
import '../surveys/features.css'
import './features.css'
import { DryRunPanel } from './dry-run.tsx'
import { conditionsOf, draftsOf, EditConditions, isWhole, type DraftCondition } from './edit-conditions.tsx'
import { EditNumbers, EditReminders, EditWhen } from './edit-when.tsx'
import { conditionsInWords, whenInWords } from './in-words.ts'
import { programmesQuery, remove } from './programme-data.ts'
import { Switch } from './programmes-page.tsx'

const fresh: ProgrammeSettings = {
  ...{ name: '', surveyId: '', conditions: [], delayMinutes: 60, hours: null, share: 1, reminderDays: [] },
  ...{ expiresDays: 14, quota: null },
}

/** One programme, or a new one, with what it would have done beside it. */
export function ProgrammePage() {
  const { id } = useParams({ from: '/inside/programmes/$id' })
  const programmes = useQuery(programmesQuery)
  const surveys = useQuery({
    queryKey: ['surveys', 'for-programmes'],
    queryFn: ({ signal }) => api.surveys.list({ query: { limit: 200 }, signal }),
  })
  const programme = programmes.data?.items.find((one) => one.id === id)
  useTitle(programme?.name ?? t('programmes.new'))
  if (programmes.isError) return <Failed error={programmes.error} retry={() => void programmes.refetch()} />
  if (surveys.isError) return <Failed error={surveys.error} retry={() => void surveys.refetch()} />
  if (!programmes.data || !surveys.data) return <Waiting lines={6} />
  if (!programme && id !== 'new')
    return (
      <div className="p-page">
        <h1>{t('programmes.gone')}</h1>
        <p>
          <Link to="/programmes">{t('programmes.programmes')}</Link>
        </p>
      </div>
    )
  const named = surveys.data.items.filter(({ identity }) => identity === 'identified')
  return <Editor key={id} programme={programme} surveys={named.map((one) => [one.id, one.name] as const)} />
}

function Editor({ programme, surveys }: { programme?: Programme; surveys: readonly (readonly [string, string])[] }) {
  const mayWrite = useMay('surveys.write')
  const navigate = useNavigate()
  const [form, setForm] = useState<ProgrammeSettings>(() =>
    programme ? settingsOf(programme) : { ...fresh, surveyId: surveys[0]?.[0] ?? '' },
  )
  const [drafts, setDrafts] = useState<DraftCondition[]>(() => draftsOf(form.conditions))
  const put = (part: Partial<ProgrammeSettings>) => setForm((before) => ({ ...before, ...part }))
  const settings = { ...form, conditions: conditionsOf(drafts) }
  const save = useMutation({
    mutationFn: () =>
      programme
        ? api.programmes.change({ params: { id: programme.id }, body: settings })
        : api.programmes.create({ body: settings }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['programmes'] })
      say(t(programme ? 'programmes.saved' : 'programmes.created'))
      if (!programme) void navigate({ to: '/programmes/$id', params: { id }, replace: true })
    },
  })
  const problem = (field: string) => problemAt(save.error, field)
  return (
    <div className="pr-page">
      <div className="p-head pr-head">
        <h1>{programme?.name ?? t('programmes.new')}</h1>
        {programme && <Switch programme={programme} disabled={!mayWrite} />}
      </div>
      <form className="bu-plain" onSubmit={(event) => (event.preventDefault(), save.mutate())}>
        {save.isError && (
          <Banner tone="bad" alert>
            <p>
              <strong>{t('surveys.notSaved')}</strong> {sayProblem(save.error)}
            </p>
          </Banner>
        )}
        <fieldset className="bu-fields" disabled={!mayWrite}>
          <section>
            <h2>{t('programmes.what')}</h2>
            <div>
              <TextField
                label={t('surveys.name')}
                required
                maxLength={120}
                value={form.name}
                problem={problem('name')}
                onChange={(name) => put({ name })}
              />
              <SelectField
                label={t('programmes.survey')}
                hint={t('programmes.surveyHint')}
                value={form.surveyId}
                options={surveys}
                problem={problem('surveyId')}
                onChange={(surveyId) => put({ surveyId })}
              />
            </div>
          </section>
          <section>
            <h2>{t('programmes.which')}</h2>
            <div>
              <p className="hint">{t('programmes.whichHint')}</p>
              <EditConditions drafts={drafts} problemAt={problem} onChange={setDrafts} />
            </div>
          </section>
          <EditWhen form={form} problem={problem} put={put} />
          <EditNumbers form={form} problem={problem} put={put} />
          <EditReminders form={form} problem={problem} put={put} />
        </fieldset>
        <p className="pr-said" aria-live="polite">
          {conditionsInWords(settings.conditions.filter(isWhole))}: {whenInWords(settings)}
        </p>
        {mayWrite && (
          <div className="bu-save">
            <button className="button" data-tone="accent" disabled={save.isPending}>
              {t('surveys.save')}
            </button>
            {programme && (
              <Link className="button" to="/programmes/$id/mail" params={{ id: programme.id }}>
                {t('programmes.openMail')}
              </Link>
            )}
            {programme && (
              <button
                type="button"
                className="button"
                data-tone="plain"
                onClick={() =>
                  void remove(programme).then(async (done) => done && (await navigate({ to: '/programmes' })))
                }
              >
                <Icon name="cross" /> {t('programmes.remove')}
              </button>
            )}
          </div>
        )}
      </form>
      <DryRunPanel key={JSON.stringify(settings)} settings={settings} replaces={programme?.id ?? null} />
    </div>
  )
}

function settingsOf(programme: Programme): ProgrammeSettings {
  const { name, surveyId, conditions, delayMinutes, hours, share, reminderDays, expiresDays, quota } = programme
  return { name, surveyId, conditions, delayMinutes, hours, share, reminderDays, expiresDays, quota }
}
