import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt, queries } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Choice, SelectField, TextField } from '../../platform/field.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { readingLanguage } from '../articles/linking.ts'
import { useMay } from '../shell/me.ts'
import { ticketQuery } from './inbox-data.ts'

const kinds = ['missing', 'wrong'] as const
const longestText = 500

/** Says of a ticket that an article is missing, or that one is wrong. */
export function ReportGap({ ids: [id = ''], onClose }: { ids: readonly string[]; onClose: () => void }) {
  const [form, setForm] = useState({ kind: 'missing' as (typeof kinds)[number], text: '', articleId: '' })
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part })
  const mayTakeBack = useMay('articles.write')
  const found = useFound(id)
  const report = useMutation({
    mutationFn: () => {
      const { kind, text } = form
      const articleId = (kind === 'wrong' && form.articleId) || null
      return api.articles.reportGap({ params: { id }, body: { kind, text, articleId } })
    },
    onSuccess: (gap) => {
      say(t('upkeep.reported'), mayTakeBack ? () => void takeBack(gap.id).catch(sayFailure) : undefined)
      onClose()
    },
  })
  return (
    <Dialog title={t('upkeep.report')} onClose={onClose}>
      <DialogForm
        error={report.error}
        waits={report.isPending || form.text.trim() === ''}
        saveName={t('upkeep.reportNow')}
        onSave={() => report.mutate()}
        onCancel={onClose}
      >
        <fieldset className="stack" data-gap="2" aria-label={t('upkeep.report')}>
          {kinds.map((kind) => (
            <Choice key={kind} type="radio" name="gap" checked={form.kind === kind} onChange={() => set({ kind })}>
              {t(`upkeep.reportKind.${kind}`)}
            </Choice>
          ))}
        </fieldset>
        {form.kind === 'wrong' && (
          <SelectField
            label={t('upkeep.whichArticle')}
            value={form.articleId}
            problem={problemAt(report.error, 'articleId')}
            options={[['', t('upkeep.anotherArticle')], ...found.map((one) => [one.articleId, one.title] as const)]}
            onChange={(articleId) => set({ articleId })}
          />
        )}
        <TextField
          label={t('upkeep.reportText')}
          hint={t('upkeep.reportHint')}
          required
          maxLength={longestText}
          value={form.text}
          problem={problemAt(report.error, 'text')}
          onChange={(text) => set({ text })}
        />
      </DialogForm>
    </Dialog>
  )
}

/** Published articles that fit the ticket's subject. */
function useFound(id: string) {
  const { data: ticket } = useQuery(ticketQuery(id))
  const q = ticket?.subject.slice(0, 300) ?? ''
  const language = readingLanguage(ticket?.language ?? null)
  const found = useQuery({
    queryKey: ['articles', 'found', q, language],
    queryFn: async ({ signal }) => (await api.articles.search({ query: { q, language, limit: 10 }, signal })).items,
    enabled: q !== '',
  })
  return found.data ?? []
}

async function takeBack(id: string): Promise<void> {
  await api.articles.closeGap({ params: { id }, body: { outcome: 'dismissed' } })
  await queries.invalidateQueries({ queryKey: ['articles', 'gaps'] })
}
