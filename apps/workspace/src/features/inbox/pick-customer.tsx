import type { Customer } from '@lahko/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { t } from '../../platform/words.ts'
import { nameOf } from '../people/naming.ts'
import { readAddresses } from './addresses.ts'
import { change, linesOf } from './changing.ts'
import { PickDialog, type Option } from './pick-dialog.tsx'

type Props = { ids: readonly string[]; onClose: () => void }
const fresh = 'new'

/** Who asks: found by name or address, or somebody new by their address. Replies go to them from then on. */
export function PickCustomer({ ids, onClose }: Props) {
  const [text, setText] = useState('')
  const search = text.trim()
  const found = useQuery({
    queryKey: ['customers', 'pick', search],
    queryFn: async ({ signal }) =>
      (await api.people.listCustomers({ query: { search: search || undefined, limit: 10 }, signal })).items,
    placeholderData: keepPreviousData,
  })
  const customers = found.data ?? []
  const own = new Set(linesOf(ids).map(({ customer }) => customer?.id))
  const person = newPerson(search, customers)
  const options: Option[] = [
    ...customers.map((customer) => ({
      id: customer.id,
      name: nameOf(customer),
      hint: [customer.email, customer.organisation].filter(Boolean).join(' · '),
      icon: 'person' as const,
      chosen: own.size === 1 && own.has(customer.id),
    })),
    ...(person
      ? [{ id: fresh, name: t('inbox.newCustomer', { address: person.address }), icon: 'plus' as const }]
      : []),
  ]
  const take = async (id: string) => {
    onClose()
    const customer = customers.find((one) => one.id === id)
    const name = customer ? nameOf(customer) : (person?.address ?? '')
    const part = id === fresh ? { customer: person } : { customerId: id }
    await change(ids, part, t('inbox.hasCustomer', { count: ids.length, name }))
  }
  return (
    <PickDialog
      title={t('inbox.setCustomer')}
      label={t('inbox.whichCustomer')}
      options={options}
      onType={setText}
      waits={found.isPlaceholderData}
      onPick={(id) => void take(id)}
      onClose={onClose}
    >
      <p className="quiet">{t('inbox.customerMeans')}</p>
    </PickDialog>
  )
}

/** An address that nobody has who was found. */
function newPerson(search: string, customers: readonly Customer[]) {
  const { addresses, wrong } = readAddresses(search)
  const [first] = addresses
  if (!first || addresses.length > 1 || wrong.length > 0) return undefined
  const address = first.address.toLowerCase()
  const known = customers.some(({ email, addresses: others }) => email === address || others.includes(address))
  return known ? undefined : { name: first.name, address }
}
