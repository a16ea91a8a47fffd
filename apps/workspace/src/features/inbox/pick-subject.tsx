import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Dialog } from '../../platform/dialog.tsx'
import { TextField } from '../../platform/field.tsx'
import { t } from '../../platform/words.ts'
import { change } from './changing.ts'
import { ticketQuery } from './inbox-data.ts'

type Props = { ids: readonly string[]; onClose: () => void }

/** What a ticket is called. Mails keep the subject that they began with, so that programs keep them together. */
export function PickSubject({ ids, onClose }: Props) {
  const { data: ticket } = useQuery(ticketQuery(ids[0] ?? ''))
  return ticket ? <Subject key={ticket.id} ids={ids} subject={ticket.subject} onClose={onClose} /> : null
}

function Subject({ ids, subject, onClose }: Props & { subject: string }) {
  const [text, setText] = useState(subject)
  const save = async () => {
    onClose()
    if (ids.length > 1) await change(ids, { subject: text }, t('inbox.wereRenamed', { count: ids.length }))
    else if (text.trim() !== subject) await change(ids, { subject: text }, t('inbox.wasRenamed'))
  }
  return (
    <Dialog title={t('inbox.setSubject')} onClose={onClose}>
      <DialogForm waits={text.trim() === ''} onSave={() => void save()} onCancel={onClose}>
        <TextField
          label={t('inbox.subject')}
          hint={t('inbox.subjectMeans')}
          required
          maxLength={200}
          value={text}
          onChange={setText}
        />
      </DialogForm>
    </Dialog>
  )
}
