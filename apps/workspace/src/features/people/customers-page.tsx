import type { Customer } from '@lahko/contract'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { FindField } from '../../platform/find-field.tsx'
import { ago, moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { useRowKeys } from '../../platform/row-keys.ts'
import { Empty, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { useMay, useTitle } from '../shell/me.ts'
import { ReportLine } from '../touchpoints/report-line.tsx'
import './features.css'
import { nameOf } from './naming.ts'

const route = getRouteApi('/inside/customers')
const field = 'find-customers'

/** Everybody who is known, newest first, found by what names them. */
export function CustomersPage() {
  const { find } = route.useSearch()
  const navigate = route.useNavigate()
  const mayImport = useMay('touchpoints.write')
  useTitle(t('people.customers'))
  useRowKeys(field)
  const customers = useInfiniteQuery({
    queryKey: ['customers', 'all', find],
    queryFn: ({ pageParam, signal }) => api.people.listCustomers({ query: { search: find, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const rows = customers.data?.pages.flatMap(({ items }) => items)
  return (
    <div className="pe">
      <div className="pe-head">
        <h1>{t('people.customers')}</h1>
        <FindField
          id={field}
          name={t('people.find')}
          text={find}
          onFind={(text) => void navigate({ search: { find: text }, replace: true })}
        />
        {mayImport && (
          <Link className="button" to="/customers/import">
            {t('people.byFile')}
          </Link>
        )}
      </div>
      {customers.isError && <Failed error={customers.error} retry={() => void customers.refetch()} />}
      {customers.isPending && <Waiting lines={6} />}
      {rows?.length === 0 && (find ? <p className="quiet">{t('people.nobodyFits', { text: find })}</p> : <NobodyYet />)}
      <ul className="rows" aria-busy={customers.isPlaceholderData}>
        {rows?.map((customer) => (
          <Row key={customer.id} customer={customer} />
        ))}
      </ul>
      <More {...customers} />
    </div>
  )
}

function NobodyYet() {
  return (
    <Empty icon="people" title={t('people.none')} action={<ReportLine />}>
      {t('people.noneWhy')}
    </Empty>
  )
}

function Row({ customer }: { customer: Customer }) {
  const now = useNow()
  const { id, email, phone, externalId, organisation, createdAt } = customer
  const name = nameOf(customer)
  const further = [organisation, email, phone, externalId].filter((one) => one && one !== name)
  return (
    <li className="row">
      <span className="row-lead">
        <Icon name="person" />
      </span>
      <span className="pe-words">
        <Link className="row-title" to="/customers/$id" params={{ id }}>
          {name}
        </Link>{' '}
        <span className="row-text">{further.join(' · ')}</span>
      </span>
      <time className="row-end" dateTime={createdAt} title={moment(createdAt)}>
        {ago(createdAt, now)}
      </time>
    </li>
  )
}
