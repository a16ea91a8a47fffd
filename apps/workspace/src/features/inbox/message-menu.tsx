import type { Ticket, TicketMessage } from '@lahko/contract'
import { api } from '../../platform/api.ts'
import { Icon } from '../../platform/icon.tsx'
import { MenuItem, Popover } from '../../platform/popover.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { refreshTickets } from './inbox-data.ts'
import { openTicket } from './opening.ts'

/** What can be done with one message. */
export function MessageMenu({ message, ticket }: { message: TicketMessage; ticket: Ticket }) {
  const may = useMay('tickets.write')
  const alone = ticket.messages < 2 && ticket.sources.length === 0
  if (!may || message.kind !== 'message' || alone) return null
  const split = async () => {
    try {
      const made = await api.tickets.split({ params: { id: message.id } })
      await refreshTickets()
      await openTicket(made.id)
      say(t('inbox.wasSplit', { number: made.number }), () => void unsplit(made.id, ticket.id))
    } catch (error) {
      sayFailure(error)
    }
  }
  const unsplit = async (id: string, intoId: string) => {
    try {
      await api.tickets.merge({ params: { id }, body: { intoId } })
      await refreshTickets()
      await openTicket(intoId)
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <Popover
      size="small"
      tone="plain"
      iconOnly
      arrow={false}
      label={<Icon name="more" />}
      name={t('inbox.withMessage')}
    >
      {(close) => (
        <MenuItem icon="right" onPick={() => (close(), void split())}>
          {t('inbox.split')}
        </MenuItem>
      )}
    </Popover>
  )
}
