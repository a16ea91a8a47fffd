import type { Ticket, TicketMessage } from '@lahko/contract'
import { api, problemOf } from '../../platform/api.ts'
import { Icon } from '../../platform/icon.tsx'
import { MenuItem, Popover } from '../../platform/popover.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { askForward } from './forwarding.ts'
import { refreshTickets } from './inbox-data.ts'
import { unmerge } from './merging.ts'
import { isForwardable } from './use-forward.ts'
import { openTicket } from './opening.ts'

/** What can be done with one message. */
export function MessageMenu({ message, ticket }: { message: TicketMessage; ticket: Ticket }) {
  const may = useMay('tickets.write')
  const alone = ticket.messages < 2 && ticket.sources.length === 0
  const { id, author, kind, outside } = message
  if (!may || !isForwardable(message)) return null
  const ask = (to?: { name: string; address: string }) => askForward({ ticketId: ticket.id, messageId: id, to })
  const split = async () => {
    try {
      const made = await api.tickets.split({ params: { id: message.id } })
      await refreshTickets()
      await openTicket(made.id)
      say(t('inbox.wasSplit', { number: made.number }), () => void unsplit(made.id, ticket.id))
    } catch (error) {
      // All that was merged from there: it is a ticket of its own once it is taken apart.
      const source = ticket.sources.find(({ id: merged }) => merged === message.ticketId)
      if (source && problemOf(error)?.code === 'desk.only_message') return unmerge(source)
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
        <>
          {outside && (
            <MenuItem icon="mail" onPick={() => (close(), ask({ name: author.name, address: author.address }))}>
              {t('inbox.answerOutside')}
            </MenuItem>
          )}
          <MenuItem icon="right" onPick={() => (close(), ask())}>
            {t('inbox.forward')}
          </MenuItem>
          {kind === 'message' && !outside && !alone && (
            <MenuItem icon="merge" onPick={() => (close(), void split())}>
              {t('inbox.split')}
            </MenuItem>
          )}
        </>
      )}
    </Popover>
  )
}
