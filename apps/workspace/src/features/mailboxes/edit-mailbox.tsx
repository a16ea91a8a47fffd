import type { Mailbox } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt, queries } from '../../platform/api.ts'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Choice, Field, TextField } from '../../platform/field.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { bodyOf, draftOf, type MailboxDraft } from './mailbox-draft.ts'
import { InwardFields, OldMailFields, OutwardFields } from './server-fields.tsx'
import { TextsField } from './texts-field.tsx'

/** Adds a mailbox, or changes one. */
export function EditMailbox({ mailbox, onDone }: { mailbox?: Mailbox; onDone: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(mailbox))
  const set = (change: Partial<MailboxDraft>) => setDraft((before) => ({ ...before, ...change }))
  const save = useMutation({
    mutationFn: () => {
      const body = bodyOf(draft)
      return mailbox ? api.mailboxes.change({ params: { id: mailbox.id }, body }) : api.mailboxes.create({ body })
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['mailboxes'] })
      say(t('mailboxes.saved'))
      onDone()
    },
  })
  const problem = (field: string) => problemAt(save.error, field)
  return (
    <DialogForm
      className="ib-form"
      error={save.error}
      waits={save.isPending}
      onSave={() => save.mutate()}
      onCancel={onDone}
    >
      <TextField
        label={t('mailboxes.name')}
        hint={t('mailboxes.nameHint')}
        required
        maxLength={80}
        value={draft.name}
        problem={problem('name')}
        onChange={(name) => set({ name })}
      />
      <TextField
        label={t('mailboxes.address')}
        type="email"
        required
        value={draft.address}
        problem={problem('address')}
        onChange={(address) => set({ address })}
      />
      <Field label={t('mailboxes.aliases')} hint={t('mailboxes.aliasesHint')} problem={problem('aliases')}>
        {(field) => (
          <textarea
            className="input"
            rows={2}
            {...field}
            value={draft.aliases}
            onChange={(event) => set({ aliases: event.target.value })}
          />
        )}
      </Field>
      <InwardFields draft={draft} known={Boolean(mailbox?.imap)} set={set} problem={problem} />
      <OldMailFields draft={draft} set={set} problem={problem} />
      <OutwardFields draft={draft} known={Boolean(mailbox?.smtp)} set={set} problem={problem} />
      <TextsField
        legend={t('mailboxes.signature')}
        hint={t('mailboxes.signatureHint')}
        texts={draft.signatures}
        onChange={(signatures) => set({ signatures })}
      />
      <Choice
        kind="switch"
        checked={draft.confirms}
        hint={t('mailboxes.confirmsHint')}
        onChange={(confirms) => set({ confirms })}
      >
        {t('mailboxes.confirms')}
      </Choice>
      {draft.confirms && (
        <TextsField
          legend={t('mailboxes.confirmation')}
          texts={draft.confirmation}
          onChange={(confirmation) => set({ confirmation })}
        />
      )}
      <Choice
        kind="switch"
        checked={draft.paused}
        hint={t('mailboxes.pauseHint')}
        onChange={(paused) => set({ paused })}
      >
        {t('mailboxes.pause')}
      </Choice>
    </DialogForm>
  )
}
