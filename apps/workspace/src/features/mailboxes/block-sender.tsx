import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, queries } from '../../platform/api.ts'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Dialog } from '../../platform/dialog.tsx'
import { Choice } from '../../platform/field.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import './features.css'

type Props = {
  address: string
  /** What is done besides when it is ticked, and how that is taken back. */
  besides?: { name: string; act: () => Promise<() => Promise<void>> }
  onClose: () => void
}

/** Blocks whoever wrote, or everybody at their domain. */
export function BlockSender({ address, besides, onClose }: Props) {
  const domain = address.slice(address.lastIndexOf('@'))
  const [sender, setSender] = useState(address)
  const [also, setAlso] = useState(besides !== undefined)
  const block = useMutation({
    mutationFn: async () => {
      const blocked = await api.mailboxes.block({ body: { sender } })
      return { blocked, takeBack: also && besides ? await besides.act() : undefined }
    },
    onSuccess: ({ blocked: { id, sender: name }, takeBack }) => {
      void refreshBlocked()
      say(t('mailboxes.blockedNow', { sender: name }), () => void letIn(id, false, takeBack))
      onClose()
    },
  })
  return (
    <Dialog title={t('mailboxes.blockWhom')} onClose={onClose}>
      <DialogForm
        error={block.error}
        waits={block.isPending}
        saveName={t('mailboxes.blockDo')}
        tone="bad"
        onSave={() => block.mutate()}
        onCancel={onClose}
      >
        <Choice type="radio" name="sender" checked={sender === address} onChange={() => setSender(address)}>
          <span className="ib-said">{t('mailboxes.blockAddress', { address })}</span>
        </Choice>
        <Choice
          type="radio"
          name="sender"
          checked={sender === domain}
          hint={t('mailboxes.blockDomainHint')}
          onChange={() => setSender(domain)}
        >
          <span className="ib-said">{t('mailboxes.blockDomain', { domain })}</span>
        </Choice>
        {besides && (
          <Choice checked={also} onChange={setAlso}>
            {besides.name}
          </Choice>
        )}
        <p className="quiet">{t('mailboxes.blockMeans')}</p>
      </DialogForm>
    </Dialog>
  )
}

/** Lets a sender in again. @param takeIn also what was set aside meanwhile */
export async function letIn(id: string, takeIn: boolean, then?: () => Promise<void>): Promise<void> {
  try {
    await api.mailboxes.unblock({ params: { id }, query: { takeIn: takeIn ? 'true' : 'false' } })
    await then?.()
    await refreshBlocked()
  } catch (error) {
    sayFailure(error)
  }
}

/** Shows who is blocked, and what was set aside, as it is now. */
export async function refreshBlocked(): Promise<void> {
  await queries.invalidateQueries({ queryKey: ['blocked-senders'] })
  await queries.invalidateQueries({ queryKey: ['mails'] })
}
