import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt } from '../../platform/api.ts'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Dialog } from '../../platform/dialog.tsx'
import { Choice, Field, SelectField, TextField } from '../../platform/field.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { begunTicket, keepBegun, nothingBegun, type BegunTicket } from './begun-ticket.ts'
import { keepTicket } from './inbox-data.ts'
import { narrowingsQuery } from './narrowing-data.ts'
import { openTicket } from './opening.ts'
import { useSendingOnce } from './sending-once.ts'
import { setSent, undoMs } from './sent.ts'

/** A ticket that a member begins: a mail to a customer, or what a customer has told by another way. */
export function NewTicket({ onClose }: { onClose: () => void }) {
  const [form, setForm] = useState(begunTicket)
  const once = useSendingOnce()
  const set = (part: Partial<BegunTicket>) => {
    const next = { ...form, ...part }
    keepBegun(next)
    setForm(next)
  }
  const forget = () => {
    keepBegun(nothingBegun)
    onClose()
  }
  const leave = () => {
    if (form.text.trim() !== '') say(t('inbox.newTicketKept'))
    onClose()
  }
  const create = useMutation({
    mutationFn: () => {
      const { by, subject, text, name, address, sentFrom } = form
      const body = { by, subject, text, from: { name, address }, ...(by === 'member' && sentFrom && { sentFrom }) }
      return api.tickets.create({ body, idempotencyKey: once.keyOf(body) })
    },
    onSuccess: (ticket) => {
      keepTicket(ticket)
      forget()
      void openTicket(ticket.id)
      if (form.by === 'member') void offerUndo(ticket.id, form)
    },
  })
  const { by } = form
  return (
    <Dialog title={t('inbox.newTicket')} onClose={leave}>
      <DialogForm
        error={create.error}
        waits={create.isPending}
        saveName={t(by === 'member' ? 'inbox.sendMail' : 'inbox.createTicket')}
        onSave={() => create.mutate()}
        onCancel={forget}
      >
        <fieldset>
          <legend className="visually-hidden">{t('inbox.whoWrote')}</legend>
          {(['member', 'customer'] as const).map((one) => (
            <Choice
              key={one}
              type="radio"
              name="by"
              checked={by === one}
              onChange={() => set({ by: one })}
              hint={t(`inbox.byMeans.${one}`)}
            >
              {t(`inbox.wroteBy.${one}`)}
            </Choice>
          ))}
        </fieldset>
        <TextField
          label={t('inbox.customerAddress')}
          type="email"
          required
          autoComplete="off"
          problem={problemAt(create.error, 'from/address')}
          value={form.address}
          onChange={(address) => set({ address })}
        />
        <TextField
          label={t('inbox.customerName')}
          autoComplete="off"
          maxLength={120}
          problem={problemAt(create.error, 'from/name')}
          value={form.name}
          onChange={(name) => set({ name })}
        />
        {by === 'member' && <SentFrom value={form.sentFrom} onChange={(sentFrom) => set({ sentFrom })} />}
        <TextField
          label={t('inbox.subject')}
          required
          maxLength={200}
          problem={problemAt(create.error, 'subject')}
          value={form.subject}
          onChange={(subject) => set({ subject })}
        />
        <Field
          label={t(by === 'member' ? 'inbox.yourMessage' : 'inbox.theirWords')}
          problem={problemAt(create.error, 'text')}
        >
          {(field) => (
            <textarea
              className="input"
              required
              rows={6}
              {...field}
              value={form.text}
              onChange={({ target }) => set({ text: target.value })}
            />
          )}
        </Field>
      </DialogForm>
    </Dialog>
  )
}

/** From which own address it leaves, where there are several. */
function SentFrom({ value, onChange }: { value: string; onChange: (address: string) => void }) {
  const { data } = useQuery(narrowingsQuery)
  const addresses = data?.mailboxes.flatMap((mailbox) => mailbox.addresses) ?? []
  if (!data?.writesFrom || addresses.length < 2) return null
  const options = [...new Set([data.writesFrom, ...addresses])].map((address) => [address, address] as const)
  return <SelectField label={t('inbox.from')} options={options} value={value || data.writesFrom} onChange={onChange} />
}

/** The mail with which it began can be taken back as long as it has not left. */
async function offerUndo(ticketId: string, { name, address }: BegunTicket): Promise<void> {
  const until = Date.now() + undoMs
  const { items } = await api.tickets.entries({ params: { id: ticketId } })
  const [messageId] = items.flatMap((entry) => (entry.type === 'message' ? entry.message.id : []))
  if (messageId !== undefined) setSent({ messageId, ticketId, kind: 'reply', to: name || address, until, begins: true })
}
