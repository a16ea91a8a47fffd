import type { Customer } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt, queries } from '../../platform/api.ts'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Choice, TextField } from '../../platform/field.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { changesOf, draftOf, EditAttributes } from './edit-attributes.tsx'

const fields = ['name', 'email', 'phone', 'organisation', 'externalId', 'language', 'timeZone'] as const
type Draft = Record<(typeof fields)[number], string>

/** Changes what is known about one customer; an emptied field takes it away. */
export function EditCustomer({ customer, onDone }: { customer: Customer; onDone: () => void }) {
  const [draft, setDraft] = useState(
    () => Object.fromEntries(fields.map((name) => [name, customer[name] ?? ''])) as Draft,
  )
  const [sees, setSees] = useState(customer.seesOrganisation)
  const [attributes, setAttributes] = useState(() => draftOf(customer.attributes))
  const save = useMutation({
    mutationFn: () => {
      const changed = fields.filter((name) => draft[name].trim() !== (customer[name] ?? ''))
      const body = {
        ...Object.fromEntries(changed.map((name) => [name, draft[name].trim() || null])),
        ...(sees !== customer.seesOrganisation && { seesOrganisation: sees }),
        attributes: changesOf(customer.attributes, attributes),
      }
      return api.people.changeCustomer({ params: { id: customer.id }, body })
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['customers'] })
      say(t('people.saved'))
      onDone()
    },
  })
  return (
    <DialogForm error={save.error} waits={save.isPending} onSave={() => save.mutate()} onCancel={onDone}>
      {fields.map((name) => (
        <TextField
          key={name}
          label={t(`people.field.${name}`)}
          problem={problemAt(save.error, name)}
          value={draft[name]}
          onChange={(value) => setDraft({ ...draft, [name]: value })}
        />
      ))}
      <EditAttributes draft={attributes} error={save.error} onChange={setAttributes} />
      <Choice checked={sees} onChange={setSees} hint={t('people.seesOrganisationHint')}>
        {t('people.seesOrganisation')}
      </Choice>
    </DialogForm>
  )
}
