import type { AlikeCustomer, Customer } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, queries } from '../../platform/api.ts'
import { Banner } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { nameOf } from './naming.ts'
import { mergeInto } from './one-person.tsx'

/** Customers who might be the same person as this one: a member says that they are, or that they are not. */
export function PerhapsSame({ customer }: { customer: Customer }) {
  const { id } = customer
  const may = useMay('touchpoints.write')
  const alike = useQuery({
    queryKey: ['customers', id, 'alike'],
    queryFn: ({ signal }) => api.people.alike({ params: { id }, signal }),
    enabled: may,
    staleTime: 60_000,
  })
  if (!may || !alike.data || alike.data.length === 0) return null
  return (
    <Banner tone="accent">
      <div className="pe-asked">
        <p>
          <strong>{t('people.perhapsSame')}</strong>
        </p>
        <ul className="pe-alike">
          {alike.data.map((one) => (
            <Alike key={one.customer.id} customer={customer} one={one} />
          ))}
        </ul>
      </div>
    </Banner>
  )
}

function Alike({ customer, one: { customer: other, why } }: { customer: Customer; one: AlikeCustomer }) {
  const name = nameOf(other)
  return (
    <li>
      <p>
        <Link to="/customers/$id" params={{ id: other.id }}>
          {[...new Set([name, other.email])].filter(Boolean).join(' · ')}
        </Link>
        <br />
        <span className="quiet">{t(`people.alike.${why}`)}</span>
      </p>
      <div className="buttons">
        <button
          type="button"
          className="button"
          data-size="small"
          aria-label={t('people.sameAs', { name })}
          onClick={() => void mergeInto(other, customer)}
        >
          {t('people.same')}
        </button>
        <button
          type="button"
          className="button"
          data-size="small"
          aria-label={t('people.notSameAs', { name })}
          onClick={() => void tellApart(customer, other)}
        >
          {t('people.notSame')}
        </button>
      </div>
    </li>
  )
}

const refresh = () => queries.invalidateQueries({ queryKey: ['customers'] })

async function tellApart({ id }: Customer, other: Customer): Promise<void> {
  const params = { id, otherId: other.id }
  try {
    await api.people.tellApart({ params })
    await refresh()
    say(t('people.notSameNow', { name: nameOf(other) }), () => {
      api.people.askAgain({ params }).then(refresh, sayFailure)
    })
  } catch (error) {
    sayFailure(error)
  }
}
