import type { Customer } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt, queries } from '../../platform/api.ts'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Dialog } from '../../platform/dialog.tsx'
import { TextField } from '../../platform/field.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { nameOf } from './naming.ts'
import { RemoveAddress } from './remove-address.tsx'

const refresh = () => queries.invalidateQueries({ queryKey: ['customers'] })

/** The other addresses of a customer, and who turned out to be the same person. */
export function OnePerson({ customer, merged }: { customer: Customer; merged: readonly Customer[] }) {
  const [open, setOpen] = useState<'address' | 'merge' | null>(null)
  const may = useMay('touchpoints.write')
  const close = () => setOpen(null)
  if (!may && merged.length + customer.addresses.length === 0) return null
  return (
    <section className="pe-person" aria-labelledby="person">
      <h2 id="person">{t('people.onePerson')}</h2>
      <ul className="rows">
        {customer.addresses.map((address) => (
          <Line key={address} text={address}>
            {may && <RemoveAddress address={address} onClick={() => void removeAddress(customer.id, address)} />}
          </Line>
        ))}
        {merged.map((one) => (
          <Line key={one.id} text={namesOf(one)}>
            {may && <Button onClick={() => void takeApart(one)}>{t('people.takeApart', { name: nameOf(one) })}</Button>}
          </Line>
        ))}
      </ul>
      {may && (
        <div className="buttons">
          <button className="button" data-size="small" type="button" onClick={() => setOpen('address')}>
            {t('people.addAddress')}
          </button>
          <button className="button" data-size="small" type="button" onClick={() => setOpen('merge')}>
            {t('people.merge')}
          </button>
        </div>
      )}
      {open === 'address' && (
        <Dialog title={t('people.addAddress')} onClose={close}>
          <AddAddress customer={customer} onDone={close} />
        </Dialog>
      )}
      {open === 'merge' && (
        <Dialog title={t('people.mergeWhom', { name: nameOf(customer) })} onClose={close}>
          <Merge customer={customer} onDone={close} />
        </Dialog>
      )}
    </section>
  )
}

/** By what somebody is told apart from others. */
function namesOf(one: Customer): string {
  return [...new Set([nameOf(one), one.email, one.phone])].filter(Boolean).join(' · ')
}

function Line({ text, children }: { text: string; children: React.ReactNode }) {
  return (
    <li className="pe-line">
      <span>{text}</span>
      {children}
    </li>
  )
}

function Button({ onClick, children }: { onClick: () => void; children: React.ReactNode }) {
  return (
    <button className="button" data-size="small" data-tone="plain" type="button" onClick={onClick}>
      {children}
    </button>
  )
}

async function removeAddress(id: string, address: string): Promise<void> {
  const putBack = () => api.people.addAddress({ params: { id }, body: { address } }).then(refresh, sayFailure)
  try {
    await api.people.removeAddress({ params: { id, address } })
    await refresh()
    say(t('people.addressRemoved', { address }), () => void putBack())
  } catch (error) {
    sayFailure(error)
  }
}

async function takeApart({ id }: Customer): Promise<void> {
  try {
    await api.people.unmergeCustomer({ params: { id } })
    await refresh()
    say(t('people.takenApart'))
  } catch (error) {
    sayFailure(error)
  }
}

/** Says that a customer is the same person as another; it can be taken back. @returns whether they are now */
export async function mergeInto(one: Customer, into: Customer): Promise<boolean> {
  try {
    await api.people.mergeCustomer({ params: { id: one.id }, body: { intoId: into.id } })
    await refresh()
    say(t('people.mergedNow', { name: nameOf(one) }), () => void takeApart(one))
    return true
  } catch (error) {
    sayFailure(error)
    return false
  }
}

function AddAddress({ customer, onDone }: { customer: Customer; onDone: () => void }) {
  const [address, setAddress] = useState('')
  const add = useMutation({
    mutationFn: () => api.people.addAddress({ params: { id: customer.id }, body: { address } }),
    onSuccess: async () => {
      await refresh()
      onDone()
    },
  })
  const problem = problemAt(add.error, 'address')
  return (
    <DialogForm
      noValidate
      error={problem ? null : add.error}
      waits={add.isPending}
      onSave={() => add.mutate()}
      onCancel={onDone}
    >
      <TextField
        label={t('people.address')}
        hint={t('people.addressMeans')}
        problem={problem}
        type="email"
        value={address}
        onChange={setAddress}
      />
    </DialogForm>
  )
}

/** Finds the one who is the same person; what they have done then stands here too. */
function Merge({ customer, onDone }: { customer: Customer; onDone: () => void }) {
  const [find, setFind] = useState('')
  const found = useQuery({
    queryKey: ['customers', 'merge', find],
    queryFn: ({ signal }) => api.people.listCustomers({ query: { search: find, limit: 10 }, signal }),
    enabled: find.trim().length > 1,
  })
  const others = found.data?.items.filter(({ id }) => id !== customer.id)
  return (
    <div className="stack">
      <p className="quiet">{t('people.mergeMeans')}</p>
      <TextField label={t('people.find')} type="search" value={find} onChange={setFind} />
      {others?.length === 0 && <p className="quiet">{t('people.nobodyFits', { text: find })}</p>}
      <ul className="rows">
        {others?.map((one) => (
          <Line key={one.id} text={namesOf(one)}>
            <Button onClick={() => void mergeInto(one, customer).then((done) => done && onDone())}>
              {t('people.mergeThis', { name: nameOf(one) })}
            </Button>
          </Line>
        ))}
      </ul>
    </div>
  )
}
