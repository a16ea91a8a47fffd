import type { Article } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt, problemOf, queries } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Field, SelectField, TextField } from '../../platform/field.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { languageNames, t } from '../../platform/words.ts'
import { articleQuery, refreshArticles } from './article-data.ts'
import { MemberField } from './member-field.tsx'

const audiences = ['public', 'signed-in', 'organisations'] as const

type Settings = Pick<
  Article,
  'slug' | 'ownerId' | 'reviewOn' | 'reviewMonths' | 'audience' | 'organisations' | 'mainLanguage'
>

/** Whose it is, when it is looked at again, who may read it, and where. */
export function EditSettings({ article, onClose }: { article: Article; onClose: () => void }) {
  const [form, setForm] = useState(() => settingsOf(article))
  const [names, setNames] = useState(article.organisations.join('\n'))
  const set = (part: Partial<Settings>) => setForm({ ...form, ...part })
  const save = useMutation({
    mutationFn: () => change(article.id, { ...form, organisations: linesOf(names) }),
    onSuccess: () => {
      say(t('articles.settingsSaved'), () => void change(article.id, settingsOf(article)).catch(sayFailure))
      onClose()
    },
  })
  const problem = (field: string) => problemAt(save.error, field)
  return (
    <Dialog title={t('articles.settings')} onClose={onClose}>
      <DialogForm error={save.error} waits={save.isPending} onSave={() => save.mutate()} onCancel={onClose}>
        <MemberField
          label={t('articles.owner')}
          hint={t('articles.ownerHint')}
          value={form.ownerId}
          none={t('articles.noOwner')}
          may="articles.read"
          problem={problem('ownerId')}
          onChange={(ownerId) => set({ ownerId })}
        />
        <SelectField
          label={t('upkeep.reviewMonths')}
          value={String(form.reviewMonths ?? '')}
          problem={problem('reviewMonths')}
          options={[
            ['', t('upkeep.noMonths')],
            ...monthsWith(form.reviewMonths).map((one) => [String(one), t('upkeep.months', { months: one })] as const),
          ]}
          onChange={(months) => set({ reviewMonths: months === '' ? null : Number(months) })}
        />
        <TextField
          label={t('articles.reviewOn')}
          hint={t('articles.reviewHint')}
          type="date"
          value={form.reviewOn ?? ''}
          problem={problem('reviewOn')}
          onChange={(reviewOn) => set({ reviewOn: reviewOn || null })}
        />
        <SelectField
          label={t('articles.audience')}
          hint={t(`articles.audienceMeans.${form.audience}`)}
          value={form.audience}
          problem={problem('audience')}
          options={audiences.map((one) => [one, t(`articles.audience.${one}`)])}
          onChange={(audience) => set({ audience })}
        />
        {form.audience === 'organisations' && (
          <Field
            label={t('articles.organisations')}
            hint={t('articles.organisationsHint')}
            problem={firstProblem(save.error)}
          >
            {(field) => (
              <textarea
                className="input"
                rows={3}
                value={names}
                onChange={({ target }) => setNames(target.value)}
                {...field}
              />
            )}
          </Field>
        )}
        <TextField
          label={t('articles.address')}
          hint={t('articles.addressHint')}
          maxLength={40}
          value={form.slug}
          problem={problem('slug')}
          onChange={(slug) => set({ slug })}
        />
        <SelectField
          label={t('articles.mainLanguage')}
          hint={t('articles.mainLanguageHint')}
          value={form.mainLanguage}
          problem={problem('mainLanguage')}
          options={article.translations.map(({ language }) => [language, languageNames[language]] as const)}
          onChange={(mainLanguage) => set({ mainLanguage })}
        />
      </DialogForm>
    </Dialog>
  )
}

/** Without a day the first one follows from the months. */
async function change(id: string, { reviewOn, ...settings }: Settings): Promise<void> {
  const body = reviewOn === null && settings.reviewMonths !== null ? settings : { reviewOn, ...settings }
  queries.setQueryData(articleQuery(id).queryKey, await api.articles.change({ params: { id }, body }))
  await refreshArticles()
}

function settingsOf(article: Article): Settings {
  const { slug, ownerId, reviewOn, reviewMonths, audience, organisations, mainLanguage } = article
  return { slug, ownerId, reviewOn, reviewMonths, audience, organisations, mainLanguage }
}

const usualMonths = [1, 3, 6, 12, 24]

/** Usual ones, and what was chosen by another way. */
function monthsWith(chosen: number | null): number[] {
  return [...new Set([...usualMonths, ...(chosen === null ? [] : [chosen])])].toSorted((a, b) => a - b)
}

/** One a line: their names may have commas. */
function linesOf(text: string): string[] {
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter(Boolean)
}

/** The whole list, or one of its lines. */
function firstProblem(error: unknown): string | undefined {
  return problemOf(error)?.errors?.find(({ field }) => field?.startsWith('/body/organisations'))?.message
}
