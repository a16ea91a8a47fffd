import type { Ticket, TicketMessage } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { Banner } from '../../platform/states.tsx'
import { sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { solveOrReopen } from './desk-keys.ts'
import { refreshTickets } from './inbox-data.ts'

const known = ['unverified_member', 'new_participant', 'stranger', 'signed', 'encrypted', 'cut_off', 'thanks'] as const
/** What is good to know, and no reason for doubt. */
const plain: readonly string[] = ['signed', 'thanks']

/** What to know before one believes a message. */
export function MessageBanners({ message, ticket }: { message: TicketMessage; ticket: Ticket }) {
  const shown = known.filter((banner) => message.banners.includes(banner))
  return shown.map((banner) => (
    <Banner key={banner} tone={plain.includes(banner) ? undefined : 'warn'}>
      <p>{t(`inbox.banner.${banner}`, { address: message.author.address })}</p>
      {banner === 'unverified_member' && <Accept id={message.id} />}
      {banner === 'thanks' && ticket.status === 'solved' && <OpenAgain id={ticket.id} />}
    </Banner>
  ))
}

/** It was more than thanks. */
function OpenAgain({ id }: { id: string }) {
  if (!useMay('tickets.write')) return null
  return (
    <button
      type="button"
      className="button"
      data-size="small"
      aria-keyshortcuts="e"
      onClick={() => void solveOrReopen([id])}
    >
      {t('inbox.reopen')} <span className="kbd">e</span>
    </button>
  )
}

function Accept({ id }: { id: string }) {
  const may = useMay('tickets.write')
  const accept = useMutation({
    mutationFn: () => api.tickets.acceptAuthor({ params: { id } }),
    onSuccess: refreshTickets,
    onError: sayFailure,
  })
  if (!may) return null
  return (
    <button
      type="button"
      className="button"
      data-size="small"
      disabled={accept.isPending}
      onClick={() => accept.mutate()}
    >
      {t('inbox.acceptAuthor')}
    </button>
  )
}
