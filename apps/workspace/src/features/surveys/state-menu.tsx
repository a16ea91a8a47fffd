import type { Survey } from '@lahko/contract'
import { useNavigate } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { IconMenu } from '../../platform/icon-menu.tsx'
import { MenuItem } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import { act } from './survey-data.ts'

type Settable = 'published' | 'paused' | 'archived'

/** Pause, go on, archive, copy: each can be taken back. */
export function StateMenu({ survey }: { survey: Survey }) {
  const navigate = useNavigate()
  const set = (state: Settable) => {
    const before = survey.state
    const put = (next: Settable) => () => api.surveys.setState({ params: { id: survey.id }, body: { state: next } })
    return act(put(state), t(`surveys.became.${state}`), before === 'draft' ? undefined : put(before))
  }
  const copy = () =>
    act(async () => {
      const made = await api.surveys.create({
        body: { name: t('surveys.copyOf', { name: survey.name }).slice(0, 120), copyOf: survey.id },
      })
      void navigate({ to: '/surveys/$id', params: { id: made.id } })
      return made
    }, t('surveys.copied'))
  const offers = offersFor(survey)
  return (
    <IconMenu name={t('surveys.more')}>
      {(done) => (
        <>
          {offers.map((state) => (
            <MenuItem key={state} onPick={done(() => set(state))}>
              {t(`surveys.do.${state}`)}
            </MenuItem>
          ))}
          <MenuItem onPick={done(copy)}>{t('surveys.copy')}</MenuItem>
          {survey.draft && survey.version !== null && (
            <MenuItem onPick={done(() => dropDraft(survey))}>
              {t('surveys.dropDraft', { version: survey.version })}
            </MenuItem>
          )}
        </>
      )}
    </IconMenu>
  )
}

function offersFor({ state, version }: Survey): Settable[] {
  if (state === 'published') return ['paused', 'archived']
  if (state === 'draft' || version === null) return ['archived']
  return state === 'paused' ? ['published', 'archived'] : ['published']
}

function dropDraft(survey: Survey): Promise<boolean> {
  const { draft, id } = survey
  return act(
    () => api.surveys.dropDraft({ params: { id } }),
    t('surveys.draftDropped'),
    draft ? () => api.surveys.saveDraft({ params: { id }, body: draft }) : undefined,
  )
}
