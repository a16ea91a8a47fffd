import type { TicketFact } from '@lahko/contract'
import { moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { iconOf, sayFact } from './facts.ts'
import { useMemberNames } from './members.ts'
import { longWhen } from './when.ts'

/** What happened, in one quiet line. */
export function FactEntry({ fact }: { fact: TicketFact }) {
  const now = useNow()
  const memberName = useMemberNames(fact.type === 'ticket.assigned' ? [fact.data['to']] : [])
  const sentence = sayFact(fact, memberName)
  return (
    <article className="entry" data-kind="event">
      <Icon name={iconOf(fact)} />
      <p>
        <span>{sentence}</span>
        <time dateTime={fact.at} title={moment(fact.at)}>
          {longWhen(fact.at, now)}
        </time>
      </p>
    </article>
  )
}
