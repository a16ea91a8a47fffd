import type { TicketMessage } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { moment } from '../../platform/format.ts'
import { sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { refreshTickets } from './inbox-data.ts'
import { takeBack, useSent } from './sent.ts'

type Delivery = NonNullable<TicketMessage['delivery']>

const looks: Readonly<Record<Delivery['state'], { tone?: 'good' | 'warn' | 'bad'; shape?: 'half' | 'ring' }>> = {
  undo: { shape: 'ring' },
  scheduled: { shape: 'ring' },
  waiting: { shape: 'ring' },
  sending: { shape: 'half' },
  sent: { tone: 'good' },
  uncertain: { tone: 'warn', shape: 'half' },
  failed: { tone: 'bad' },
  bounced: { tone: 'bad' },
}

/**
 * What became of a reply; where it did not arrive, why, and what can be done. Of a customer's message: that the
 * confirmation that it came did not reach them.
 */
export function DeliveryNote({ message }: { message: TicketMessage }) {
  const { delivery } = message
  const mayWrite = useMay('tickets.write')
  const sent = useSent()
  if (!delivery) return null
  const { state, at, says, status, mailId } = delivery
  const why = [status, says].filter(Boolean).join(' ')
  // Where it was sent, the bar says so until it leaves; another device and a page that was loaded again have none.
  const isLeaving = state === 'undo' && sent?.messageId !== message.id
  const isHere = isLeaving || state === 'scheduled' || state === 'waiting' || (state === 'failed' && mailId === null)
  const isPutOff = state === 'waiting' && why !== ''
  const troubled = state === 'uncertain' || state === 'failed' || state === 'bounced'
  return (
    <div className="in-delivery">
      <span className="badge" data-tone={isPutOff ? 'warn' : looks[state].tone} data-shape={looks[state].shape}>
        {t(`inbox.delivery.${message.kind === 'message' ? 'unconfirmed' : isPutOff ? 'putOff' : state}`)}
      </span>
      {state === 'scheduled' && at && <span className="quiet">{t('inbox.leavesAt', { when: moment(at) })}</span>}
      {(troubled || isPutOff) && why && <code className="in-says">{why}</code>}
      {mayWrite && isHere && (
        <button
          type="button"
          className="button"
          data-size="small"
          onClick={() => void takeBack({ messageId: message.id, ticketId: message.ticketId })}
        >
          {t('inbox.takeBack')}
        </button>
      )}
      {troubled && state !== 'bounced' && mayWrite && <Resend messageId={message.id} />}
    </div>
  )
}

function Resend({ messageId }: { messageId: string }) {
  const resend = useMutation({
    mutationFn: () => api.tickets.resend({ params: { id: messageId } }),
    onSuccess: refreshTickets,
    onError: sayFailure,
  })
  return (
    <button
      type="button"
      className="button"
      data-size="small"
      disabled={resend.isPending}
      onClick={() => resend.mutate()}
    >
      {t('inbox.sendAgain')}
    </button>
  )
}
