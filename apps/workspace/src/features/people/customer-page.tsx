import { contract, type Customer } from '@lahko/contract'
import { addressOf } from '@lahko/contract/client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, queries } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { languageName, moment } from '../../platform/format.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay, useTitle } from '../shell/me.ts'
import { Facts } from './facts.tsx'
import './features.css'
import { EditCustomer } from './edit-customer.tsx'
import { Happened } from './happened.tsx'
import { attributeFacts, nameOf } from './naming.ts'
import { Notes } from './notes.tsx'
import { OnePerson } from './one-person.tsx'
import { OrganisationLink } from './organisation-link.tsx'
import { PerhapsSame } from './perhaps-same.tsx'

const route = getRouteApi('/inside/customers/$id')

/** One customer: what is known, what happened, and what they may ask for. */
export function CustomerPage() {
  const { id } = route.useParams()
  const timeline = useInfiniteQuery({
    queryKey: ['customers', id],
    queryFn: ({ pageParam, signal }) =>
      api.people.timeline({ params: { id }, query: { after: pageParam, limit: 30 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const customer = timeline.data?.pages[0]?.customer
  const entries = timeline.data?.pages.flatMap(({ items }) => items)
  useTitle(customer ? nameOf(customer) : t('people.customers'))
  return (
    <div className="pe">
      <nav className="pe-back" aria-label={t('people.customers')}>
        <Link to="/customers">{t('people.customers')}</Link>
      </nav>
      {timeline.isError && <Failed error={timeline.error} retry={() => void timeline.refetch()} />}
      {timeline.isPending && <Waiting lines={6} />}
      {customer && <About customer={customer} merged={timeline.data?.pages[0]?.merged ?? []} />}
      {customer && <PerhapsSame customer={customer} />}
      {customer && <OnePerson customer={customer} merged={timeline.data?.pages[0]?.merged ?? []} />}
      {customer && <Notes about={{ kind: 'customer', id: customer.id }} />}
      {customer && <Happened timeline={timeline} entries={entries} />}
    </div>
  )
}

function About({ customer, merged }: { customer: Customer; merged: readonly Customer[] }) {
  const [editing, setEditing] = useState(false)
  const mayWrite = useMay('touchpoints.write')
  const mayReadLedger = useMay('surveys.read')
  const { id, email, phone, externalId, language, timeZone, createdAt } = customer
  // What is known under another name of theirs is known of them.
  const attributes = Object.assign({}, ...merged.map((one) => one.attributes), customer.attributes) as Record<
    string,
    string
  >
  return (
    <>
      <div className="pe-head">
        <h1>{nameOf(customer)}</h1>
        <div className="buttons">
          {mayWrite && (
            <button type="button" className="button" data-size="small" onClick={() => setEditing(true)}>
              {t('people.change')}
            </button>
          )}
          <a
            className="button"
            data-size="small"
            data-tone="plain"
            href={addressOf(contract.people.customer, { params: { id } })}
            download={`customer-${id}.json`}
          >
            {t('people.download')}
          </a>
          <Erase customer={customer} />
        </div>
      </div>
      <Facts
        facts={[
          [
            t('people.field.organisation'),
            customer.organisationId && <OrganisationLink key="organisation" customer={customer} />,
          ],
          [t('people.seesOrganisation'), customer.seesOrganisation && t('people.yes')],
          [t('people.field.email'), email],
          [t('people.field.phone'), phone],
          [t('people.field.externalId'), externalId],
          [t('people.field.language'), language && languageIn(language)],
          [t('people.field.timeZone'), timeZone],
          ...attributeFacts(attributes),
          [t('people.since'), moment(createdAt)],
          [
            t('programmes.ledger'),
            mayReadLedger && (
              <Link key="ledger" to="/ledger" search={{ customer: id, days: '365' }}>
                {t('programmes.ofCustomer')}
              </Link>
            ),
          ],
        ]}
      />
      {editing && (
        <Dialog title={t('people.changeTitle')} onClose={() => setEditing(false)}>
          <EditCustomer customer={customer} onDone={() => setEditing(false)} />
        </Dialog>
      )}
    </>
  )
}

/** What another program calls a language may be no code at all. */
function languageIn(code: string): string {
  return /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(code) ? languageName(code) : code
}

function Erase({ customer }: { customer: Customer }) {
  const [asking, setAsking] = useState(false)
  const navigate = useNavigate()
  const may = useMay('workspace.manage')
  if (!may) return null
  const name = nameOf(customer)
  const erase = async () => {
    setAsking(false)
    // Away first: this page would be fetched again as soon as there is nobody any more.
    await navigate({ to: '/customers' })
    try {
      await api.people.eraseCustomer({ params: { id: customer.id } })
      queries.removeQueries({ queryKey: ['customers', customer.id] })
      void queries.invalidateQueries({ queryKey: ['customers'] })
      say(t('people.erased', { name }))
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <>
      <button type="button" className="button" data-size="small" data-tone="plain" onClick={() => setAsking(true)}>
        {t('people.erase')}
      </button>
      {asking && (
        <Dialog title={t('people.eraseWhom', { name })} onClose={() => setAsking(false)}>
          <p className="quiet">{t('people.eraseMeans')}</p>
          <div className="dialog-foot">
            <button className="button" type="button" onClick={() => setAsking(false)}>
              {t('people.keep')}
            </button>
            <button className="button" data-tone="bad" type="button" onClick={() => void erase()}>
              {t('people.erase')}
            </button>
          </div>
        </Dialog>
      )}
    </>
  )
}
