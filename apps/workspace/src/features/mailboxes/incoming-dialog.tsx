import type { IncomingMail } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, queries } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { moment } from '../../platform/format.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { BlockSender } from './block-sender.tsx'
import { asideBecause, IncomingBadge } from './incoming-badge.tsx'
import { sizeOf } from './sizes.ts'

/** One message of the ledger: what became of it, and as it came. */
export function IncomingDialog({ mail, onClose }: { mail: IncomingMail; onClose: () => void }) {
  const { id, outcome, sender, subject, receivedAt, reason, status, says, retryAt, ticket, size, hasSource } = mail
  const mayWrite = useMay('tickets.write')
  const [blocking, setBlocking] = useState(false)
  if (blocking) return <BlockSender address={sender} onClose={onClose} />
  return (
    <Dialog title={subject || t('mailboxes.noSubject')} wide onClose={onClose}>
      <div className="stack">
        <p>
          <IncomingBadge outcome={outcome} /> {sender}
        </p>
        <p className="quiet">{t('mailboxes.came', { when: moment(receivedAt), size: sizeOf(size) })}</p>
        {outcome === 'set_aside' && <p>{asideBecause(reason)}</p>}
        {retryAt !== null && <p>{t('mailboxes.fetchedLater', { when: moment(retryAt) })}</p>}
        {outcome === 'waiting' && reason === 'not_given' && <p>{t('mailboxes.fetchedSoon')}</p>}
        {outcome === 'repeat' && <p>{t('mailboxes.repeatMeans')}</p>}
        {outcome === 'bounce' && <p>{t('mailboxes.bounceMeans')}</p>}
        {(status ?? says) && <code className="ib-said">{[status, says].filter(Boolean).join(' ')}</code>}
        {ticket && (
          <p>
            <Link to="/tickets/$id" params={{ id: ticket.id }}>
              {t('mailboxes.inTicket', { number: ticket.number })}
            </Link>
          </p>
        )}
        {hasSource && <Source id={id} />}
        <div className="dialog-foot">
          {hasSource && (
            <a className="button" href={`/api/v1/incoming-mails/${id}/source`} download>
              {t('mailboxes.download')}
            </a>
          )}
          {mayWrite && reason !== 'blocked' && sender.includes('@') && (
            <button type="button" className="button" onClick={() => setBlocking(true)}>
              {t('mailboxes.block')}
            </button>
          )}
          {(outcome === 'set_aside' || outcome === 'repeat') && mayWrite && (
            <Retry id={id} fetches={reason === 'not_given'} onDone={onClose} />
          )}
        </div>
      </div>
    </Dialog>
  )
}

const mostShown = 100_000

function Source({ id }: { id: string }) {
  const source = useQuery({
    queryKey: ['incoming-source', id],
    queryFn: async ({ signal }) => {
      const reply = await fetch(`/api/v1/incoming-mails/${id}/source`, { signal })
      if (!reply.ok) throw new Error(reply.statusText)
      return (await reply.text()).slice(0, mostShown)
    },
    staleTime: Infinity,
  })
  return (
    <details>
      <summary className="ib-summary">{t('mailboxes.asItCame')}</summary>
      {source.isError && <Failed error={source.error} />}
      {source.isPending && <Waiting />}
      {source.data !== undefined && (
        <textarea
          className="input ib-source"
          readOnly
          rows={14}
          aria-label={t('mailboxes.asItCame')}
          value={source.data}
        />
      )}
    </details>
  )
}

/** @param fetches there is nothing here to be judged: its server is asked once more */
function Retry({ id, fetches, onDone }: { id: string; fetches: boolean; onDone: () => void }) {
  const again = useMutation({
    mutationFn: () => api.mailboxes.retry({ params: { id } }),
    onSuccess: () => {
      say(t(fetches ? 'mailboxes.fetchedSoon' : 'mailboxes.retried'))
      void queries.invalidateQueries({ queryKey: ['mails'] })
      onDone()
    },
    onError: sayFailure,
  })
  return (
    <button
      type="button"
      className="button"
      data-tone="accent"
      disabled={again.isPending}
      onClick={() => again.mutate()}
    >
      {t(fetches ? 'mailboxes.fetchAgain' : 'mailboxes.retry')}
    </button>
  )
}
