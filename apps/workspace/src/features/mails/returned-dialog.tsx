import type { ReturnedMail } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, queries } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { moment } from '../../platform/format.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { ReturnedBadge } from './returned-badge.tsx'
import { ReturnedText } from './returned-text.tsx'

/** One message that came back, and the mail that it is about. */
export function ReturnedDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const message = useQuery({
    queryKey: ['mails', 'returned-one', id],
    queryFn: ({ signal }) => api.returnedMails.get({ params: { id }, signal }),
  })
  return (
    <Dialog title={message.data?.subject || t('mails.message')} wide onClose={onClose}>
      {message.isError && <Failed error={message.error} retry={() => void message.refetch()} />}
      {message.isPending && <Waiting />}
      {message.data && <Opened message={message.data} />}
    </Dialog>
  )
}

function Opened({ message }: { message: ReturnedMail }) {
  const { id, kind, sender, receivedAt, about, kept } = message
  const mayWrite = useMay('surveys.write')
  const mayManage = useMay('workspace.manage')
  return (
    <div className="stack">
      <p>
        <ReturnedBadge kind={kind} /> {sender}
      </p>
      <p className="quiet">{t('mails.cameAt', { when: moment(receivedAt) })}</p>
      <ReturnedText message={message} />
      {about && (
        <p>
          {t('mails.aboutMail', { recipient: about.recipient })}{' '}
          {about.kind === 'invitation' ? (
            <Link to="/ledger" search={{ line: about.subjectId }}>
              {about.subject}
            </Link>
          ) : (
            about.subject
          )}
        </p>
      )}
      <div className="dialog-foot">
        {kept && mayManage && (
          <a className="button" href={`/api/v1/returned-mails/${id}/source`} download>
            {t('mails.downloadSource')}
          </a>
        )}
        {kind === 'set_aside' && kept && mayWrite && <JudgeAgain id={id} />}
      </div>
    </div>
  )
}

function JudgeAgain({ id }: { id: string }) {
  const again = useMutation({
    mutationFn: () => api.returnedMails.retry({ params: { id } }),
    onSuccess: () => {
      say(t('mails.judgedAgain'))
      void queries.invalidateQueries({ queryKey: ['mails'] })
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
      {t('mails.judgeAgain')}
    </button>
  )
}
