import type { Ticket } from '@lahko/contract'
import { t } from '../../platform/words.ts'
import { BlockSender } from '../mailboxes/block-sender.tsx'
import { changeQuietly, takeBackChange } from './changing.ts'

/** Blocks whoever wrote a ticket, and marks it as spam. */
export function BlockWriter({ ticket: { id, customer, spam }, onClose }: { ticket: Ticket; onClose: () => void }) {
  const markAsSpam = async () => {
    const undo = await changeQuietly(id, { spam: true })
    return () => takeBackChange(undo)
  }
  const besides = spam ? undefined : { name: t('mailboxes.blockSpam'), act: markAsSpam }
  return <BlockSender address={customer?.email ?? ''} besides={besides} onClose={onClose} />
}
