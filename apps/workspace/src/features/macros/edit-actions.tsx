import type { MacroActions } from '@lahko/contract'
import { useState } from 'react'
import { Choice, SelectField, TextField } from '../../platform/field.tsx'
import { t } from '../../platform/words.ts'
import { priorities, statuses } from './macro-data.ts'

type Props = { actions: MacroActions; onChange: (actions: MacroActions) => void }

/** What is done to the ticket when the text is sent. */
export function EditActions({ actions, onChange }: Props) {
  const put = (part: MacroActions) => onChange({ ...actions, ...part })
  // As it is typed: a comma at the end begins a tag.
  const [tags, setTags] = useState((actions.addTags ?? []).join(', '))
  return (
    <fieldset className="mc-actions">
      <legend className="field-label">
        <strong>{t('macros.does')}</strong>
      </legend>
      <div className="mc-pair">
        <SelectField
          label={t('macros.status')}
          value={actions.status ?? ''}
          options={[['', t('macros.asItIs')], ...statuses.map((one) => [one, t(`inbox.status.${one}`)] as const)]}
          onChange={(status) => put({ status: status || undefined })}
        />
        <SelectField
          label={t('macros.priority')}
          value={actions.priority ?? ''}
          options={[['', t('macros.asItIs')], ...priorities.map((one) => [one, t(`inbox.priority.${one}`)] as const)]}
          onChange={(priority) => put({ priority: priority || undefined })}
        />
        <TextField
          label={t('macros.topic')}
          maxLength={80}
          placeholder={t('macros.asItIs')}
          value={actions.topic ?? ''}
          onChange={(topic) => put({ topic: topic.trim() === '' ? undefined : topic })}
        />
        <TextField
          label={t('macros.tags')}
          placeholder={t('macros.tagsExample')}
          value={tags}
          onChange={(typed) => {
            setTags(typed)
            const named = typed.split(',').map((tag) => tag.replace(/^\s*#/, '').trim())
            put({ addTags: [...new Set(named.filter(Boolean))].slice(0, 20) })
          }}
        />
      </div>
      <Choice checked={actions.assignToMe ?? false} onChange={(on) => put({ assignToMe: on || undefined })}>
        {t('macros.assignToMe')}
      </Choice>
    </fieldset>
  )
}
