import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { day } from '../../platform/format.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import '../notices/features.css'
import { useMay, useTitle } from '../shell/me.ts'
import { Answer } from './answers.tsx'
import { attributeValue } from './attributes.ts'
import './features.css'

const route = getRouteApi('/inside/answers/$id')

/** One answer, as a mail or a notice leads to it, with the way to its touchpoint and to the others of its day. */
export function AnswerPage() {
  const { id } = route.useParams()
  const answer = useQuery({
    queryKey: ['responses', 'one', id],
    queryFn: ({ signal }) => api.surveys.response({ params: { id }, signal }),
  })
  const mayRead = useMay('touchpoints.read')
  const found = answer.data
  const title = found ? t('notices.answerOf', { survey: found.survey.name }) : t('notices.answer')
  useTitle(title)
  return (
    <div className="p-page no">
      <h1>{title}</h1>
      {answer.isError && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.isPending && <Waiting lines={4} />}
      {found && (
        <>
          <Answer row={found.response} max={found.survey.scale.max} />
          <ul className="no-ways">
            <li>
              <Link
                to="/effort"
                search={{ survey: found.survey.key, period: 'day', at: found.response.answeredOn }}
                title={day(found.response.answeredOn)}
              >
                {t('notices.toEffort')}
              </Link>
            </li>
            {mayRead && found.response.touchpoint && (
              <li>
                <Link to="/touchpoints/$id" params={{ id: found.response.touchpoint.id }}>
                  {[attributeValue('kind', found.response.touchpoint.kind), found.response.touchpoint.externalId]
                    .filter(Boolean)
                    .join(' ')}
                </Link>
              </li>
            )}
          </ul>
        </>
      )}
    </div>
  )
}
