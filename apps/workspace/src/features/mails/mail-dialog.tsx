import type { WholeMail } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api, queries } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { moment } from '../../platform/format.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { isHindrance } from './hindrances.ts'
import { MailStateBadge, reasonOf } from './mail-state-badge.tsx'

/** One mail as its reader sees it, and what the mail server said of it. */
export function MailDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const mail = useQuery({
    queryKey: ['mails', 'one', id],
    queryFn: ({ signal }) => api.mails.get({ params: { id }, signal }),
  })
  return (
    <Dialog title={mail.data?.subject ?? t('mails.mail')} wide onClose={onClose}>
      {mail.isError && <Failed error={mail.error} retry={() => void mail.refetch()} />}
      {mail.isPending && <Waiting />}
      {mail.data && <Opened mail={mail.data} />}
    </Dialog>
  )
}

function Opened({ mail }: { mail: WholeMail }) {
  const { id, recipient, state, createdAt, sentAt, dueAt, attempts, hinderedSince, reply, text, secret, cameBack } =
    mail
  const held = state === 'failed' || state === 'uncertain'
  return (
    <div className="stack">
      <p className="cluster">
        <MailStateBadge mail={mail} /> {recipient}
      </p>
      <p className="quiet">
        {t('mails.written', { when: moment(createdAt) })}{' '}
        {sentAt !== null
          ? t('mails.sentAt', { when: moment(sentAt) })
          : attempts > 0 && t('mails.attempts', { count: attempts })}{' '}
        {hinderedSince !== null && t('mails.hindered', { when: moment(hinderedSince) })}{' '}
        {state === 'waiting' && (attempts > 0 || hinderedSince !== null) && t('mails.nextAt', { when: moment(dueAt) })}
      </p>
      {state === 'uncertain' && <p className="quiet">{t('mails.uncertainMeans')}</p>}
      {reply !== null && (
        <p className="quiet">
          {isHindrance(reply) ? t(`mails.not.${reply}`) : <Said reply={reply} hindered={hinderedSince !== null} />}
        </p>
      )}
      {cameBack && <CameBack {...cameBack} />}
      {text === null ? (
        <p className="quiet">{t(secret ? 'mails.secret' : 'mails.forgotten')}</p>
      ) : (
        <>
          <iframe
            className="ma-frame"
            title={t('mails.asSeen')}
            sandbox="allow-popups allow-popups-to-escape-sandbox"
            src={`/api/v1/mails/${id}/page`}
          />
          <details>
            <summary>{t('mails.plain')}</summary>
            <pre className="ma-plain">{text}</pre>
          </details>
          {held && <Resend id={id} />}
        </>
      )}
    </div>
  )
}

/** A server that cannot be reached has said nothing. */
function Said({ reply, hindered }: { reply: string; hindered: boolean }) {
  return (
    <>
      {t(hindered ? 'mails.hinderedBy' : 'mails.serverSaid')} <code className="ma-reply">{reply}</code>
    </>
  )
}

function CameBack({ at, status, says }: NonNullable<WholeMail['cameBack']>) {
  const why = reasonOf({ at, status, says })
  return (
    <p className="quiet">
      {t('mails.backAt', { when: moment(at) })}
      {why && (
        <>
          {' '}
          {t('mails.otherServerSaid')} <code className="ma-reply">{why}</code>
        </>
      )}
    </p>
  )
}

function Resend({ id }: { id: string }) {
  const resend = useMutation({
    mutationFn: () => api.mails.resend({ params: { id } }),
    onSuccess: () => {
      say(t('mails.queuedAgain'))
      void queries.invalidateQueries({ queryKey: ['mails'] })
    },
    onError: sayFailure,
  })
  return (
    <div className="dialog-foot">
      <button
        type="button"
        className="button"
        data-tone="accent"
        disabled={resend.isPending}
        onClick={() => resend.mutate()}
      >
        {t('mails.resend')}
      </button>
    </div>
  )
}
