import type { ReturnedMail } from '@lahko/contract'
import { moment } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import './features.css'
import { ReturnedBadge } from './returned-badge.tsx'

/** What a message says: the words of a person, of a server, or why nothing followed from it. */
export function ReturnedText({ message }: { message: ReturnedMail }) {
  const { kind, reason, status, says, text } = message
  return (
    <>
      {reason && <p className="quiet">{t(`mails.aside.${reason}`)}</p>}
      {kind === 'delay' && <p className="quiet">{t('mails.delayMeans')}</p>}
      {kind === 'auto_reply' && <p className="quiet">{t('mails.awayMeans')}</p>}
      {(status ?? says) && (
        <p className="quiet">
          {t('mails.otherServerSaid')}{' '}
          <code className="ma-reply">{says !== null && says.includes(status ?? '') ? says : status}</code>
        </p>
      )}
      {text !== null &&
        (text === '' ? (
          <p className="quiet">{t('mails.nothingWritten')}</p>
        ) : (
          <blockquote className="voice ma-voice">{text}</blockquote>
        ))}
    </>
  )
}

/** The same under the line of the ledger that it is about. */
export function ReturnedEntry({ message }: { message: ReturnedMail }) {
  return (
    <div className="stack" data-gap="2">
      <p>
        <ReturnedBadge kind={message.kind} /> {message.sender}{' '}
        <time className="quiet" dateTime={message.receivedAt}>
          {moment(message.receivedAt)}
        </time>
      </p>
      <ReturnedText message={message} />
    </div>
  )
}
