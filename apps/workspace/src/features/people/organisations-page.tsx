import type { OrganisationLine } from '@lahko/contract'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { FindField } from '../../platform/find-field.tsx'
import { Icon } from '../../platform/icon.tsx'
import { useRowKeys } from '../../platform/row-keys.ts'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { useMay, useTitle } from '../shell/me.ts'
import { EditOrganisation } from './edit-organisation.tsx'
import './features.css'

const route = getRouteApi('/inside/organisations')
const field = 'find-organisations'

/** Whom customers belong to, by name. */
export function OrganisationsPage() {
  const { find } = route.useSearch()
  const navigate = route.useNavigate()
  const [isNew, setNew] = useState(false)
  const mayWrite = useMay('touchpoints.write')
  useTitle(t('people.organisations'))
  useRowKeys(field)
  const organisations = useInfiniteQuery({
    queryKey: ['organisations', 'all', find],
    queryFn: ({ pageParam, signal }) => api.organisations.list({ query: { search: find, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const rows = organisations.data?.pages.flatMap(({ items }) => items)
  const open = (id: string) => void navigate({ to: '/organisations/$id', params: { id } })
  return (
    <div className="pe">
      <div className="pe-head">
        <h1>{t('people.organisations')}</h1>
        <FindField
          id={field}
          name={t('people.findOrganisation')}
          text={find}
          onFind={(text) => void navigate({ search: { find: text }, replace: true })}
        />
        {mayWrite && (
          <button type="button" className="button" onClick={() => setNew(true)}>
            {t('people.newOrganisation')}
          </button>
        )}
      </div>
      {organisations.isError && <Failed error={organisations.error} retry={() => void organisations.refetch()} />}
      {organisations.isPending && <Waiting lines={6} />}
      {rows?.length === 0 &&
        (find ? (
          <p className="quiet">{t('people.noneFits', { text: find })}</p>
        ) : (
          <Empty icon="organisation" title={t('people.noOrganisations')}>
            {t('people.noOrganisationsWhy')}
          </Empty>
        ))}
      <ul className="rows" aria-busy={organisations.isPlaceholderData}>
        {rows?.map((one) => (
          <Row key={one.id} organisation={one} />
        ))}
      </ul>
      <More {...organisations} />
      {isNew && (
        <Dialog title={t('people.newOrganisation')} onClose={() => setNew(false)}>
          <EditOrganisation onDone={(id) => (setNew(false), id && open(id))} />
        </Dialog>
      )}
    </div>
  )
}

function Row({ organisation }: { organisation: OrganisationLine }) {
  const { id, name, addresses, customers } = organisation
  return (
    <li className="row">
      <span className="row-lead">
        <Icon name="organisation" />
      </span>
      <span className="pe-words">
        <Link className="row-title" to="/organisations/$id" params={{ id }}>
          {name}
        </Link>{' '}
        <span className="row-text">{addresses.slice(0, 3).join(' · ')}</span>
      </span>
      <span className="row-end">{customersInWords(customers)}</span>
    </li>
  )
}

/** How many there are; the server counts no further than a thousand. */
export function customersInWords(count: number): string {
  return count >= 1_000 ? t('people.manyCustomers') : t('people.countCustomers', { count })
}
