import type { Ticket } from '@lahko/contract'
import { Link } from '@tanstack/react-router'
import { moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { Banner } from '../../platform/states.tsx'
import { rich, t } from '../../platform/words.ts'
import { ProbablySame } from './probably-same.tsx'
import { allWhere } from './inbox-search.ts'
import { PriorityBadge, StatusBadge } from './status-badge.tsx'

/** The subject, and how it stands. */
export function TicketHead({ ticket }: { ticket: Ticket }) {
  const { subject, status, priority, channel, tags, topic, snoozedUntil, spam } = ticket
  return (
    <>
      <h1>{subject || t('inbox.noSubject')}</h1>
      <div className="in-facts">
        <StatusBadge status={status} />
        <PriorityBadge priority={priority} />
        {snoozedUntil && (
          <span className="in-snoozed">
            <Icon name="clock" />
            {snoozedUntil === 'reply'
              ? t('inbox.snoozedForReply')
              : t('inbox.snoozedUntil', { when: moment(snoozedUntil) })}
          </span>
        )}
        {spam && (
          <span className="badge" data-tone="bad">
            {t('inbox.spam')}
          </span>
        )}
        <span>{t(`inbox.channel.${channel}`)}</span>
        {topic && <span>{topic}</span>}
        {tags.map((tag) => (
          <Link key={tag} className="tag" to="/tickets" search={allWhere('tag', tag)}>
            {tag}
          </Link>
        ))}
      </div>
      {ticket.mergedInto && (
        <Banner tone="accent">
          <p>
            {rich('inbox.mergedInto', {
              into: (
                <Link to="/tickets/$id" params={{ id: ticket.mergedInto.id }} search={true}>
                  {ticket.mergedInto.number}
                </Link>
              ),
            })}
          </p>
        </Banner>
      )}
      <ProbablySame ticket={ticket} />
    </>
  )
}
