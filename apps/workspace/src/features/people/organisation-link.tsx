import type { Customer } from '@lahko/contract'
import { Link } from '@tanstack/react-router'

/** The organisation of a customer, which leads to its page. */
export function OrganisationLink({ customer: { organisation, organisationId } }: { customer: Customer }) {
  if (!organisationId) return organisation
  return (
    <Link to="/organisations/$id" params={{ id: organisationId }}>
      {organisation}
    </Link>
  )
}
