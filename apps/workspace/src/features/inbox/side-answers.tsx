import type { Ticket } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'

/** How easy it was, where the customer has said so about this ticket. */
export function SideAnswers({ ticket }: { ticket: Ticket }) {
  const id = ticket.touchpointId
  const may = useMay('touchpoints.read')
  const { data } = useQuery({
    queryKey: ['touchpoints', 'one', id],
    queryFn: ({ signal }) => api.touchpoints.get({ params: { id: id ?? '' }, signal }),
    enabled: may && id !== null,
  })
  if (!data || data.answers.length === 0) return null
  return (
    <section>
      <h2>{t('inbox.effort')}</h2>
      <ul>
        {data.answers.map((answer) => (
          <li key={answer.id}>
            <span className="effort" data-step={answer.effortStep}>
              {t('people.scored', { score: answer.score })}
            </span>{' '}
            <span className="quiet">{answer.survey.name}</span>
            {answer.comment && <blockquote className="voice">{answer.comment}</blockquote>}
          </li>
        ))}
      </ul>
    </section>
  )
}
