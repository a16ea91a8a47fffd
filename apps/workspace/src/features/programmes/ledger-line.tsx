import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { api } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { moment } from '../../platform/format.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { ReturnedEntry } from '../mails/returned-text.tsx'
import { attributeValue } from '../insight/attributes.ts'
import { fateInWords } from './in-words.ts'

/** One line of the ledger with its facts, in their order. */
export function Line({ id, onClose }: { id: string; onClose: () => void }) {
  const line = useQuery({
    queryKey: ['invitations', 'one', id],
    queryFn: ({ signal }) => api.programmes.invitation({ params: { id }, signal }),
  })
  return (
    <Dialog title={t('programmes.line')} onClose={onClose}>
      {line.isError && <Failed error={line.error} retry={() => void line.refetch()} />}
      {line.isPending && <Waiting lines={5} />}
      {line.data && <Facts line={line.data} />}
    </Dialog>
  )
}

function Facts({ line }: { line: Awaited<ReturnType<typeof api.programmes.invitation>> }) {
  const { kind, touchpoint, customer, organisation, programme, survey, state } = line
  const what = [attributeValue('kind', kind), touchpoint?.externalId].filter(Boolean).join(' ')
  const who = [customer?.name, customer?.email].filter(Boolean).join(', ')
  const about = touchpoint && (
    <Link to="/touchpoints/$id" params={{ id: touchpoint.id }}>
      {what}
    </Link>
  )
  const whom = customer && (
    <Link to="/customers/$id" params={{ id: customer.id }}>
      {who || t('programmes.nobody')}
    </Link>
  )
  return (
    <>
      <dl className="pr-counts">
        <Pair name={t('programmes.about')} value={about ?? what} />
        <Pair name={t('programmes.whom')} value={whom ?? t('programmes.nobody')} />
        {organisation && <Pair name={t('programmes.organisation')} value={organisation} />}
        {programme && <Pair name={t('programmes.programme')} value={programme.name} />}
        {survey && <Pair name={t('programmes.survey')} value={survey.name} />}
        <Pair name={t('programmes.fate')} value={fateInWords(line)} />
      </dl>
      <h3>{t('programmes.facts')}</h3>
      <dl className="pr-counts">
        {line.facts.map(({ fact, at }) => (
          <Pair key={fact} name={t(`programmes.fact.${fact}`)} value={moment(at)} />
        ))}
        {line.remindersSent > 0 && <Pair name={t('programmes.remindersSent')} value={String(line.remindersSent)} />}
        {line.nextReminderAt && <Pair name={t('programmes.nextReminder')} value={moment(line.nextReminderAt)} />}
        {line.expiresAt && state === 'sent' && <Pair name={t('programmes.expiresAt')} value={moment(line.expiresAt)} />}
      </dl>
      {line.returned.length > 0 && (
        <>
          <h3>{t('mails.cameBack')}</h3>
          <div className="stack">
            {line.returned.map((message) => (
              <ReturnedEntry key={message.id} message={message} />
            ))}
          </div>
        </>
      )}
    </>
  )
}

function Pair({ name, value }: { name: string; value: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
