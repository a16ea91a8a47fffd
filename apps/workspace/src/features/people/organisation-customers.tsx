import type { Organisation } from '@lahko/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../../platform/api.ts'
import { Icon } from '../../platform/icon.tsx'
import { Failed } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { nameOf } from './naming.ts'
import { customersInWords } from './organisations-page.tsx'

/** Who belongs to an organisation, newest first. */
export function OrganisationCustomers({ organisation: { id, customers: count } }: { organisation: Organisation }) {
  const customers = useInfiniteQuery({
    queryKey: ['organisations', id, 'customers'],
    queryFn: ({ pageParam, signal }) =>
      api.organisations.customers({ params: { id }, query: { after: pageParam, limit: 10 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const rows = customers.data?.pages.flatMap(({ items }) => items)
  return (
    <section className="pe-person" aria-labelledby="customers">
      <h2 id="customers">{count === 0 ? t('people.customers') : customersInWords(count)}</h2>
      {customers.isError && <Failed error={customers.error} retry={() => void customers.refetch()} />}
      {rows?.length === 0 && <p className="quiet">{t('people.noCustomersHere')}</p>}
      <ul className="rows">
        {rows?.map((customer) => {
          const name = nameOf(customer)
          return (
            <li className="row" key={customer.id}>
              <span className="row-lead">
                <Icon name="person" />
              </span>
              <span className="pe-words">
                <Link className="row-title" to="/customers/$id" params={{ id: customer.id }}>
                  {name}
                </Link>{' '}
                <span className="row-text">
                  {[customer.email, customer.phone].filter((one) => one && one !== name).join(' · ')}
                </span>
              </span>
            </li>
          )
        })}
      </ul>
      <More {...customers} />
    </section>
  )
}
