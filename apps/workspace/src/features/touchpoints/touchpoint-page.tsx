import type { Invitation } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { moment } from '../../platform/format.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { attributeName, attributeValue } from '../insight/attributes.ts'
import { Facts, type Fact } from '../people/facts.tsx'
import '../people/features.css'
import { nameOf } from '../people/naming.ts'
import { AnswerView } from '../people/timeline-entry.tsx'
import { fateInWords } from '../programmes/in-words.ts'
import { useMay, useTitle } from '../shell/me.ts'

/** What a touchpoint is called that is a ticket of this desk; a later round of it has a number too. */
const ownTicket = /^ticket:(\d+)(?=$|:\d+$)/

const route = getRouteApi('/inside/touchpoints/$id')

/** One touchpoint: with whom, when, what was told about it, and what was answered. */
export function TouchpointPage() {
  const { id } = route.useParams()
  const touchpoint = useQuery({
    queryKey: ['touchpoints', id],
    queryFn: ({ signal }) => api.touchpoints.get({ params: { id }, signal }),
  })
  const found = touchpoint.data
  const fate = useQuery({
    queryKey: ['invitations', 'list', { touchpoint: id }],
    queryFn: ({ signal }) => api.programmes.invitations({ query: { touchpoint: id }, signal }),
    enabled: useMay('responses.read'),
  }).data?.items[0]
  const title = found
    ? [attributeValue('kind', found.kind), found.externalId?.replace(ownTicket, '$1')].filter(Boolean).join(' ')
    : t('touchpoints.touchpoints')
  useTitle(title)
  return (
    <div className="pe">
      <nav className="pe-back" aria-label={t('touchpoints.touchpoints')}>
        <Link to="/touchpoints">{t('touchpoints.touchpoints')}</Link>
      </nav>
      {touchpoint.isError && <Failed error={touchpoint.error} retry={() => void touchpoint.refetch()} />}
      {touchpoint.isPending && <Waiting lines={6} />}
      {found && (
        <>
          <div className="pe-head">
            <h1>{title}</h1>
            {found.endedAt === null && <span className="badge">{t('touchpoints.open')}</span>}
          </div>
          <Facts facts={[...ticketOf(found), ...factsOf(found, fate)]} />
          <section aria-labelledby="answers">
            <h2 id="answers">{t('touchpoints.answers')}</h2>
            {found.answers.length === 0 && <p className="quiet">{t('touchpoints.noAnswers')}</p>}
            <div className="timeline">
              {found.answers.map((answer) => (
                <AnswerView key={answer.id} answer={answer} />
              ))}
            </div>
          </section>
        </>
      )}
    </div>
  )
}

/** The way to the ticket that it is. */
function ticketOf({ kind, externalId }: Awaited<ReturnType<typeof api.touchpoints.get>>): Fact[] {
  const number = kind === 'ticket' && externalId ? ownTicket.exec(externalId)?.[1] : undefined
  if (!number) return []
  const link = (
    <Link to="/tickets" search={{ find: number }}>
      {number}
    </Link>
  )
  return [[t('inbox.ticket'), link]]
}

function factsOf(found: Awaited<ReturnType<typeof api.touchpoints.get>>, fate: Invitation | undefined): Fact[] {
  const { customer, startedAt, endedAt, reportedAt, attributes } = found
  const at = (instant: string | null) => instant && moment(instant)
  const who = customer && (
    <Link to="/customers/$id" params={{ id: customer.id }}>
      {nameOf(customer)}
    </Link>
  )
  const became = fate && (
    <Link to="/ledger" search={{ line: fate.id }}>
      {fateInWords(fate)}
    </Link>
  )
  return [
    [t('touchpoints.customer'), who ?? t('touchpoints.nobody')],
    [t('touchpoints.began'), at(startedAt)],
    [t('touchpoints.ended'), at(endedAt)],
    [t('touchpoints.reported'), at(reportedAt)],
    [t('touchpoints.decided'), at(fate?.decidedAt ?? null)],
    [t('programmes.fate'), became ?? null],
    [t('programmes.programme'), fate?.programme?.name ?? null],
    ...Object.entries(attributes).map(([name, value]) => [attributeName(name), attributeValue(name, value)] as const),
  ]
}
