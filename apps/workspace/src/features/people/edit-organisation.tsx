import type { Organisation } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt, queries } from '../../platform/api.ts'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { TextField } from '../../platform/field.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { changesOf, draftOf, EditAttributes } from './edit-attributes.tsx'

type Props = { organisation?: Organisation; onDone: (id?: string) => void }

/** Changes what an organisation is called and what is known of it, or makes one. */
export function EditOrganisation({ organisation, onDone }: Props) {
  const [name, setName] = useState(organisation?.name ?? '')
  const [attributes, setAttributes] = useState(() => draftOf(organisation?.attributes ?? {}))
  const save = useMutation({
    mutationFn: () => keep(organisation, name, changesOf(organisation?.attributes ?? {}, attributes)),
    onSuccess: ({ id }) => {
      void queries.invalidateQueries({ queryKey: ['organisations'] })
      void queries.invalidateQueries({ queryKey: ['customers'] })
      say(t('people.saved'))
      onDone(id)
    },
  })
  return (
    <DialogForm
      noValidate
      error={save.error}
      waits={save.isPending}
      onSave={() => save.mutate()}
      onCancel={() => onDone()}
    >
      <TextField
        label={t('people.field.name')}
        hint={organisation && t('people.renameMeans')}
        problem={problemAt(save.error, 'name')}
        value={name}
        onChange={setName}
      />
      <EditAttributes draft={attributes} error={save.error} onChange={setAttributes} />
    </DialogForm>
  )
}

function keep(
  organisation: Organisation | undefined,
  name: string,
  changes: Record<string, string | null> | undefined,
) {
  if (!organisation) {
    const attributes = changes as Record<string, string> | undefined
    return api.organisations.create({ body: { name, attributes } })
  }
  const body = { ...(name.trim() !== organisation.name && { name }), attributes: changes }
  return api.organisations.change({ params: { id: organisation.id }, body })
}
