import type { AnswerEntry, ReplyEntry, TimelineEntry } from '@lahko/contract'
import { Link } from '@tanstack/react-router'
import { ago, moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { t } from '../../platform/words.ts'
import { StatusBadge } from '../inbox/status-badge.tsx'
import { attributeValue } from '../insight/attributes.ts'
import { AttributeTags } from '../touchpoints/attribute-tags.tsx'
import { CountsFor } from './counts-for.tsx'

type TicketEntry = Extract<TimelineEntry, { type: 'ticket' }>
type TouchpointEntry = Extract<TimelineEntry, { type: 'touchpoint' }>

/** One thing that happened: a touchpoint, an answer with its score and words, or a reply to an invitation. */
export function TimelineEntryView({ entry }: { entry: TimelineEntry }) {
  if (entry.type === 'answer') return <AnswerView answer={entry} />
  if (entry.type === 'ticket') return <TicketView ticket={entry} />
  return entry.type === 'reply' ? <ReplyView reply={entry} /> : <TouchpointView touchpoint={entry} />
}

function ReplyView({ reply }: { reply: ReplyEntry }) {
  const { survey, automatic, text, at, invitationId } = reply
  return (
    <article className="entry">
      <Icon name="inbox" />
      <div>
        <div className="entry-head">
          <strong>
            <Link to="/ledger" search={{ line: invitationId }}>
              {t(automatic ? 'mails.returned.auto_reply' : 'mails.returned.reply')}
            </Link>
          </strong>
          {survey && <span className="quiet">{survey.name}</span>}
          <Time at={at} />
        </div>
        {text && (
          <div className="entry-text">
            <blockquote className="voice pe-reply">{text}</blockquote>
          </div>
        )}
      </div>
    </article>
  )
}

function TicketView({ ticket }: { ticket: TicketEntry }) {
  const { id, number, subject, status, at } = ticket
  return (
    <article className="entry">
      <Icon name="tray" />
      <div>
        <div className="entry-head">
          <strong>
            <Link to="/tickets/$id" params={{ id }}>
              {number} {subject}
            </Link>
          </strong>
          <StatusBadge status={status} />
          <Time at={at} />
        </div>
      </div>
    </article>
  )
}

function TouchpointView({ touchpoint }: { touchpoint: TouchpointEntry }) {
  const { id, kind, externalId, attributes, endedAt, at } = touchpoint
  return (
    <article className="entry">
      <Icon name="touchpoints" />
      <div>
        <div className="entry-head">
          <strong>
            <Link to="/touchpoints/$id" params={{ id }}>
              {attributeValue('kind', kind)}
              {externalId && ` ${externalId}`}
            </Link>
          </strong>
          {endedAt === null && <span className="badge">{t('touchpoints.open')}</span>}
          <Time at={at} />
        </div>
        <AttributeTags attributes={attributes} />
      </div>
    </article>
  )
}

/** An answer as it stands in a timeline, or under the touchpoint that it is about. */
export function AnswerView({ answer }: { answer: AnswerEntry }) {
  const { survey, score, effortStep, comment, excluded, at } = answer
  return (
    <article className="entry" data-left={excluded ? '' : undefined}>
      <Icon name="effort" />
      <div>
        <div className="entry-head">
          <span className="effort" data-step={effortStep}>
            {t('people.scored', { score })}
          </span>
          <span className="quiet">{survey.name}</span>
          {excluded && <span className="badge">{t('people.leftOut')}</span>}
          <Time at={at} />
        </div>
        {comment && (
          <div className="entry-text">
            <blockquote className="voice">{comment}</blockquote>
          </div>
        )}
        <CountsFor answer={answer} />
      </div>
    </article>
  )
}

function Time({ at }: { at: string }) {
  const now = useNow()
  return (
    <time className="entry-time" dateTime={at} title={moment(at)}>
      {ago(at, now)}
    </time>
  )
}
