import type { Organisation } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { api, problemAt, queries } from '../../platform/api.ts'
import { DialogForm } from '../../platform/dialog-form.tsx'
import { Dialog } from '../../platform/dialog.tsx'
import { TextField } from '../../platform/field.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { RemoveAddress } from './remove-address.tsx'

async function refresh(): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: ['organisations'] }),
    queries.invalidateQueries({ queryKey: ['customers'] }),
  ])
}

/** Whose customers belong to an organisation, and which turned out to be the same one. */
export function OneOrganisation({ organisation }: { organisation: Organisation }) {
  const [open, setOpen] = useState<'address' | 'merge' | null>(null)
  const may = useMay('touchpoints.write')
  const close = () => setOpen(null)
  const { id, name, addresses, merged } = organisation
  if (!may && merged.length + addresses.length === 0) return null
  return (
    <section className="pe-person" aria-labelledby="joins">
      <h2 id="joins">{t('people.whoBelongs')}</h2>
      <ul className="rows">
        {addresses.map((address) => (
          <Line key={address} text={address.includes('@') ? address : `@${address}`}>
            {may && <RemoveAddress address={address} onClick={() => void removeAddress(id, address)} />}
          </Line>
        ))}
        {merged.map((one) => (
          <Line key={one.id} text={one.name}>
            {may && <Button onClick={() => void takeApart(one.id)}>{t('people.takeApart', { name: one.name })}</Button>}
          </Line>
        ))}
      </ul>
      {may && (
        <div className="buttons">
          <button className="button" data-size="small" type="button" onClick={() => setOpen('address')}>
            {t('people.addDomain')}
          </button>
          <button className="button" data-size="small" type="button" onClick={() => setOpen('merge')}>
            {t('people.mergeOrganisation')}
          </button>
        </div>
      )}
      {open === 'address' && (
        <Dialog title={t('people.addDomain')} onClose={close}>
          <AddAddress id={id} onDone={close} />
        </Dialog>
      )}
      {open === 'merge' && (
        <Dialog title={t('people.mergeWhichOrganisation', { name })} onClose={close}>
          <Merge organisation={organisation} onDone={close} />
        </Dialog>
      )}
    </section>
  )
}

function Line({ text, children }: { text: string; children: ReactNode }) {
  return (
    <li className="pe-line">
      <span>{text}</span>
      {children}
    </li>
  )
}

function Button({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button className="button" data-size="small" data-tone="plain" type="button" onClick={onClick}>
      {children}
    </button>
  )
}

async function removeAddress(id: string, address: string): Promise<void> {
  const putBack = () => api.organisations.addAddress({ params: { id }, body: { address } }).then(refresh, sayFailure)
  try {
    await api.organisations.removeAddress({ params: { id, address } })
    await refresh()
    say(t('people.domainRemoved', { address }), () => void putBack())
  } catch (error) {
    sayFailure(error)
  }
}

async function takeApart(id: string): Promise<void> {
  try {
    await api.organisations.unmerge({ params: { id } })
    await refresh()
    say(t('people.organisationsApart'))
  } catch (error) {
    sayFailure(error)
  }
}

function AddAddress({ id, onDone }: { id: string; onDone: () => void }) {
  const [address, setAddress] = useState('')
  const add = useMutation({
    mutationFn: () => api.organisations.addAddress({ params: { id }, body: { address } }),
    onSuccess: async ({ joined }) => {
      await refresh()
      say(t('people.joined', { count: joined }))
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
        label={t('people.domain')}
        hint={t('people.domainMeans')}
        problem={problem}
        value={address}
        onChange={setAddress}
      />
    </DialogForm>
  )
}

/** Finds the one that is the same; its customers then stand here too. */
function Merge({ organisation, onDone }: { organisation: Organisation; onDone: () => void }) {
  const [find, setFind] = useState('')
  const found = useQuery({
    queryKey: ['organisations', 'merge', find],
    queryFn: ({ signal }) => api.organisations.list({ query: { search: find, limit: 10 }, signal }),
    enabled: find.trim().length > 1,
  })
  const others = found.data?.items.filter(({ id }) => id !== organisation.id)
  const merge = async (id: string, name: string) => {
    try {
      await api.organisations.merge({ params: { id }, body: { intoId: organisation.id } })
      await refresh()
      say(t('people.organisationMerged', { name }), () => void takeApart(id))
      onDone()
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <div className="stack">
      <p className="quiet">{t('people.mergeOrganisationMeans')}</p>
      <TextField label={t('people.findOrganisation')} type="search" value={find} onChange={setFind} />
      {others?.length === 0 && <p className="quiet">{t('people.noneFits', { text: find })}</p>}
      <ul className="rows">
        {others?.map(({ id, name }) => (
          <Line key={id} text={name}>
            <Button onClick={() => void merge(id, name)}>{t('people.mergeThis', { name })}</Button>
          </Line>
        ))}
      </ul>
    </div>
  )
}
