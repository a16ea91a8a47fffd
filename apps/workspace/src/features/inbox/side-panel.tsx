import type { Customer, Ticket } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { api } from '../../platform/api.ts'
import { languageName, moment } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { attributeFacts, nameOf } from '../people/naming.ts'
import { OrganisationLink } from '../people/organisation-link.tsx'
import { PerhapsSame } from '../people/perhaps-same.tsx'
import { useMay } from '../shell/me.ts'
import { Avatar } from './avatar.tsx'
import { SideAttempts } from './side-attempts.tsx'
import { SideAnswers } from './side-answers.tsx'
import { SideFields } from './side-fields.tsx'
import { SideTickets } from './side-tickets.tsx'
import { SideLinks } from './side-links.tsx'

/** What is known of whom the ticket is with, and of the ticket itself. */
export function SidePanel({ ticket }: { ticket: Ticket }) {
  return (
    <section className="in-side" aria-label={t('inbox.customer')} tabIndex={0}>
      <Who ticket={ticket} />
      <SideAttempts ticket={ticket} />
      <SideFields ticket={ticket} />
      <SideAnswers ticket={ticket} />
      <SideTickets ticket={ticket} />
      <SideLinks ticket={ticket} />
      <About ticket={ticket} />
    </section>
  )
}

function Who({ ticket }: { ticket: Ticket }) {
  const { customer } = ticket
  const may = useMay('touchpoints.read')
  const known = useQuery({
    queryKey: ['customers', customer?.id, 'card'],
    queryFn: ({ signal }) => api.people.timeline({ params: { id: customer?.id ?? '' }, query: { limit: 1 }, signal }),
    enabled: may && customer !== null,
    staleTime: 60_000,
  })
  if (!customer) return <p className="quiet">{t('inbox.noCustomer')}</p>
  const name = nameOf(customer)
  return (
    <div>
      <div className="in-who">
        <Avatar name={name} size="large" />
        <p>
          <strong>
            {may ? (
              <Link to="/customers/$id" params={{ id: customer.id }}>
                {name}
              </Link>
            ) : (
              name
            )}
          </strong>
          <br />
          <span className="quiet">{known.data ? since(known.data.customer) : customer.email}</span>
        </p>
      </div>
      {known.data && <CustomerFacts customer={known.data.customer} />}
      {known.data && <PerhapsSame customer={known.data.customer} />}
    </div>
  )
}

function since({ createdAt }: Customer): string {
  return t('inbox.customerSince', { when: new Date(createdAt) })
}

function CustomerFacts({ customer }: { customer: Customer }) {
  const rows = [
    [t('people.field.email'), customer.email],
    [t('people.field.phone'), customer.phone],
    [
      t('people.field.organisation'),
      customer.organisationId && <OrganisationLink key="organisation" customer={customer} />,
    ],
    ...attributeFacts(customer.attributes),
  ] as const
  return <FactsList rows={rows} />
}

function About({ ticket }: { ticket: Ticket }) {
  const { language, mailbox, createdAt, solvedAt, followers, participants, replyTo } = ticket
  const others = participants.filter(({ address }) => !replyTo.some((one) => one.address === address))
  return (
    <section>
      <h2>{t('inbox.aboutTicket')}</h2>
      <FactsList
        rows={[
          [t('inbox.mailbox'), mailbox?.address],
          [
            t('inbox.language'),
            language && /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(language) ? languageName(language) : null,
          ],
          [t('inbox.begun'), moment(createdAt)],
          [t('inbox.solvedAt'), solvedAt && moment(solvedAt)],
          [
            t('inbox.alsoIn'),
            others
              .map(({ name, address, outside }) =>
                outside ? t('inbox.outsider', { name: name || address }) : name || address,
              )
              .join(', '),
          ],
          [t('inbox.followers'), followers.map(({ name }) => name).join(', ')],
        ]}
      />
    </section>
  )
}

function FactsList({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
  const told = rows.filter(([, value]) => Boolean(value))
  if (told.length === 0) return null
  return (
    <dl>
      {told.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
