import type { TicketLine } from '@lahko/contract'
import { Link } from '@tanstack/react-router'
import { moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { Avatar } from './avatar.tsx'
import { selectThrough, toggleSelected } from './selection.ts'
import { PriorityBadge, StatusBadge } from './status-badge.tsx'
import { longWhen, shortWhen } from './when.ts'

type Props = {
  ticket: TicketLine
  now: number
  current: boolean
  selected: boolean
  ownerShown: boolean
  /** All that are listed, for choosing a range. */
  ids: readonly string[]
}

/** A ticket as a line of the list. */
export function TicketRow({ ticket, now, current, selected, ownerShown, ids }: Props) {
  const { id, subject, status, priority, tags, owner, lastAuthor, lastExcerpt, updatedAt, snoozedUntil } = ticket
  return (
    <li
      className="in-ticket"
      aria-current={current || undefined}
      data-selected={selected || undefined}
      data-ticket={id}
    >
      <input
        type="checkbox"
        className="in-choose"
        checked={selected}
        aria-label={t('inbox.select', { subject })}
        onChange={() => undefined}
        onClick={(event) => (event.shiftKey ? selectThrough(id, ids) : toggleSelected(id))}
      />
      <Link className="in-title row-title" to="/tickets/$id" params={{ id }} search={true}>
        {subject || t('inbox.noSubject')}
      </Link>
      <time dateTime={updatedAt} title={moment(updatedAt)}>
        {shortWhen(updatedAt, now)}
      </time>
      <p>
        {lastAuthor && <span className="in-author">{lastAuthor}: </span>}
        {lastExcerpt || t('inbox.noText')}
      </p>
      <div className="in-foot">
        {snoozedUntil ? (
          <span className="in-snoozed">
            <Icon name="clock" />
            {snoozedUntil === 'reply'
              ? t('inbox.forReplyShort')
              : t('inbox.untilShort', { when: longWhen(snoozedUntil, now) })}
          </span>
        ) : (
          <StatusBadge status={status} />
        )}
        <PriorityBadge priority={priority} />
        {ticket.mergedNumbers.length > 0 && <MergedMark numbers={ticket.mergedNumbers} />}
        {tags.slice(0, 2).map((tag) => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
        {tags.length > 2 && <span className="number">+{tags.length - 2}</span>}
        {ownerShown && owner && (
          <span className="in-owner" title={owner.name}>
            <Avatar name={owner.name} member size="small" />
            <span className="visually-hidden">{owner.name}</span>
          </span>
        )}
      </div>
    </li>
  )
}

/** Which others stand in it: whoever seeks one of them by its number sees why this one was found. */
function MergedMark({ numbers }: { numbers: readonly number[] }) {
  const words = t('inbox.mergedHere', { numbers: numbers.join(', ') })
  return (
    <span className="in-merged" title={words}>
      <Icon name="merge" />
      <span aria-hidden>{numbers.length === 1 ? numbers[0] : numbers.length}</span>
      <span className="visually-hidden">{words}</span>
    </span>
  )
}
