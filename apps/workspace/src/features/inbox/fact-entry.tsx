import type { TicketFact } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { iconOf, sayFact } from './facts.ts'
import { membersQuery } from './inbox-data.ts'
import { longWhen } from './when.ts'

/** What happened, in one quiet line. */
export function FactEntry({ fact }: { fact: TicketFact }) {
  const now = useNow()
  const { data: members } = useQuery(membersQuery)
  const sentence = sayFact(fact, (id) => members?.find((member) => member.id === id)?.name)
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
