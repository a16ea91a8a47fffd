import type { Ticket } from '@lahko/contract'
import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { moment } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { attributeName, attributeValue } from '../insight/attributes.ts'
import { CountsFor } from '../people/counts-for.tsx'
import { useMay } from '../shell/me.ts'

type Touchpoint = Awaited<ReturnType<typeof api.touchpoints.get>>

/** How easy it was, where the customer has said so about this ticket, also before it was opened again. */
export function SideAnswers({ ticket }: { ticket: Ticket }) {
  const { touchpointId, earlierTouchpointIds } = ticket
  const may = useMay('touchpoints.read')
  const ids = may ? [...(touchpointId ? [touchpointId] : []), ...earlierTouchpointIds] : []
  const rounds = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['touchpoints', 'one', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.touchpoints.get({ params: { id }, signal }),
    })),
  })
  const answered = rounds.flatMap(({ data }) => (data && data.answers.length > 0 ? [data] : []))
  return (
    <>
      {answered.length > 0 && <Answers answered={answered} touchpointId={touchpointId} />}
      {may && touchpointId && <Took ticket={ticket} touchpointId={touchpointId} />}
    </>
  )
}

function Answers({ answered, touchpointId }: { answered: readonly Touchpoint[]; touchpointId: string | null }) {
  return (
    <section>
      <h2>{t('inbox.effort')}</h2>
      <ul>
        {answered.flatMap(({ id, endedAt, answers }) =>
          answers.map((answer) => (
            <li key={answer.id}>
              <span className="effort" data-step={answer.effortStep}>
                {t('people.scored', { score: answer.score })}
              </span>{' '}
              <span className="quiet">{answer.survey.name}</span>
              {id !== touchpointId && endedAt && (
                <>
                  {' '}
                  <span className="quiet">{t('inbox.answerBefore', { when: moment(endedAt) })}</span>
                </>
              )}
              {answer.comment && <blockquote className="voice">{answer.comment}</blockquote>}
              <CountsFor answer={answer} />
            </li>
          )),
        )}
      </ul>
    </section>
  )
}

const shown = [
  ...(['contacts', 'replies', 'first_answer_minutes', 'waited_for_us_minutes', 'waited_for_customer_minutes'] as const),
  ...(['owner_changes', 'reopenings', 'repeats_7_days', 'solution_minutes', 'agent', 'agent_by'] as const),
]
const alsoNone = ['contacts', 'replies']

/** What the ticket has cost its customer, as it is told where effort is measured. */
function Took({ ticket, touchpointId: id }: { ticket: Ticket; touchpointId: string }) {
  const [open, setOpen] = useState(false)
  const isOver = ticket.status === 'solved' || ticket.status === 'closed'
  const { data } = useQuery({
    queryKey: ['tickets', 'took', id],
    queryFn: ({ signal }) => api.touchpoints.get({ params: { id }, signal }),
    enabled: open,
    meta: { subjectId: ticket.id },
  })
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t(isOver ? 'inbox.took' : 'inbox.tookSoFar')}</summary>
      {data && <TookFacts attributes={data.attributes} />}
      <p>
        <Link to="/touchpoints/$id" params={{ id }}>
          {t('inbox.allOfTouchpoint')}
        </Link>
      </p>
    </details>
  )
}

function TookFacts({ attributes }: { attributes: Readonly<Record<string, string>> }) {
  const told = shown.filter((name) => alsoNone.includes(name) || !['', '0', undefined].includes(attributes[name]))
  return (
    <dl>
      {told.map((name) => (
        <div key={name}>
          <dt>{attributeName(name)}</dt>
          <dd>{attributeValue(name, attributes[name] ?? '')}</dd>
        </div>
      ))}
    </dl>
  )
}
