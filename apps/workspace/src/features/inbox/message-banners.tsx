import type { Ticket, TicketMessage } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useAction } from '../../platform/actions.ts'
import { api } from '../../platform/api.ts'
import { Banner } from '../../platform/states.tsx'
import { sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { solveOrReopen } from './desk-keys.ts'
import { refreshTickets } from './inbox-data.ts'
import { setSent, undoMs } from './sent.ts'

const known = ['unverified_member', 'new_participant', 'stranger', 'signed', 'encrypted', 'cut_off', 'thanks'] as const
/** What is good to know, and no reason for doubt. */
const plain: readonly string[] = ['signed', 'thanks']

/** What to know before one believes a message. `byKey`: what it asks is answered by a key too. */
export function MessageBanners(given: { message: TicketMessage; ticket: Ticket; byKey: boolean }) {
  const { message, ticket, byKey } = given
  const shown = known.filter((banner) => message.banners.includes(banner))
  return shown.map((banner) => (
    <Banner key={banner} tone={plain.includes(banner) ? undefined : 'warn'}>
      <p>{t(`inbox.banner.${banner}`, { address: message.author.address })}</p>
      {banner === 'unverified_member' && <Accept message={message} byKey={byKey} />}
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

/** It goes like any reply: in ten seconds, and until then it can be taken back. */
function offerToTakeBack({ id, ticketId, delivery, recipients }: TicketMessage): void {
  if (delivery?.state === 'undo') {
    const to = recipients[0]?.name || recipients[0]?.address || ''
    setSent({ messageId: id, ticketId, kind: 'reply', to, until: Date.now() + undoMs })
  }
}

function Accept({ message: { id }, byKey }: { message: TicketMessage; byKey: boolean }) {
  const may = useMay('tickets.write')
  const accept = useMutation({
    mutationFn: () => api.tickets.acceptAuthor({ params: { id } }),
    onSuccess: (accepted) => {
      offerToTakeBack(accepted)
      return refreshTickets()
    },
    onError: sayFailure,
  })
  const [name, group] = [t('inbox.acceptMail'), t('inbox.inbox')]
  const run = () => accept.isPending || accept.mutate()
  useAction(may && byKey ? { id: 'in.accept-author', group, name, icon: 'check', keys: 'v', run } : null)
  if (!may) return null
  return (
    <button
      type="button"
      className="button"
      data-size="small"
      aria-keyshortcuts={byKey ? 'v' : undefined}
      disabled={accept.isPending}
      onClick={run}
    >
      {t('inbox.acceptAuthor')} {byKey && <span className="kbd">v</span>}
    </button>
  )
}
