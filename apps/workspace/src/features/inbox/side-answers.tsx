import type { Ticket } from '@lahko/contract'
import { useQueries } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { moment } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { CountsFor } from '../people/counts-for.tsx'
import { useMay } from '../shell/me.ts'

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
  if (answered.length === 0) return null
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
