import type { Organisation } from '@lahko/contract'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, queries } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { moment } from '../../platform/format.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay, useTitle } from '../shell/me.ts'
import { EditOrganisation } from './edit-organisation.tsx'
import { Facts } from './facts.tsx'
import './features.css'
import { Happened } from './happened.tsx'
import { attributeFacts } from './naming.ts'
import { Notes } from './notes.tsx'
import { OneOrganisation } from './one-organisation.tsx'
import { OrganisationCustomers } from './organisation-customers.tsx'
import { OrganisationEffort } from './organisation-effort.tsx'
import { OrganisationTickets } from './organisation-tickets.tsx'

const route = getRouteApi('/inside/organisations/$id')

/** One organisation: what is known, how easy it is for its customers, who they are and what happened with them. */
export function OrganisationPage() {
  const { id } = route.useParams()
  const found = useQuery({
    queryKey: ['organisations', id],
    queryFn: ({ signal }) => api.organisations.get({ params: { id }, signal }),
  })
  const organisation = found.data
  const mayReadTouchpoints = useMay('touchpoints.read')
  useTitle(organisation?.name ?? t('people.organisations'))
  return (
    <div className="pe">
      <nav className="pe-back" aria-label={t('people.organisations')}>
        <Link to="/organisations">{t('people.organisations')}</Link>
      </nav>
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Waiting lines={6} />}
      {organisation && (
        <>
          <About organisation={organisation} />
          <OneOrganisation organisation={organisation} />
          <OrganisationEffort id={organisation.id} />
          <Notes about={{ kind: 'organisation', id: organisation.id }} />
          <OrganisationCustomers organisation={organisation} />
          <OrganisationTickets name={organisation.name} />
          {mayReadTouchpoints && <Timeline id={organisation.id} />}
        </>
      )}
    </div>
  )
}

function Timeline({ id }: { id: string }) {
  const timeline = useInfiniteQuery({
    queryKey: ['organisations', id, 'timeline'],
    queryFn: ({ pageParam, signal }) =>
      api.organisations.timeline({ params: { id }, query: { after: pageParam, limit: 30 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  return <Happened timeline={timeline} entries={timeline.data?.pages.flatMap(({ items }) => items)} />
}

function About({ organisation }: { organisation: Organisation }) {
  const [editing, setEditing] = useState(false)
  const mayWrite = useMay('touchpoints.write')
  const { name, otherNames, attributes, createdAt, customers } = organisation
  return (
    <>
      <div className="pe-head">
        <h1>{name}</h1>
        {mayWrite && (
          <div className="buttons">
            <button type="button" className="button" data-size="small" onClick={() => setEditing(true)}>
              {t('people.change')}
            </button>
            {customers === 0 && <Remove organisation={organisation} />}
          </div>
        )}
      </div>
      <Facts
        facts={[
          [t('people.otherNames'), otherNames.join(' · ')],
          ...attributeFacts(attributes),
          [t('people.since'), moment(createdAt)],
        ]}
      />
      {editing && (
        <Dialog title={t('people.changeTitle')} onClose={() => setEditing(false)}>
          <EditOrganisation organisation={organisation} onDone={() => setEditing(false)} />
        </Dialog>
      )}
    </>
  )
}

/** One that nobody belongs to holds nothing that could be lost but its own words. */
function Remove({ organisation }: { organisation: Organisation }) {
  const { id, name, otherNames, attributes, addresses } = organisation
  const navigate = useNavigate()
  const refresh = () => queries.invalidateQueries({ queryKey: ['organisations', 'all'] })
  const putBack = () =>
    api.organisations.create({ body: { name, otherNames, attributes, addresses } }).then(refresh, sayFailure)
  const remove = async () => {
    try {
      await api.organisations.remove({ params: { id } })
      await navigate({ to: '/organisations' })
      queries.removeQueries({ queryKey: ['organisations', id] })
      await refresh()
      say(t('people.organisationRemoved', { name }), () => void putBack())
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <button type="button" className="button" data-size="small" data-tone="plain" onClick={() => void remove()}>
      {t('people.removeOrganisation')}
    </button>
  )
}
