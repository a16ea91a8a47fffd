import { email as address, withoutTurns } from '@lahko/contract/values'
import type { HelpDesk } from './inbound.queries.ts'

/** What a delivery says of a ticket. */
export type InboundTicket = {
  externalId: string | undefined
  status: string | undefined
  /** A report that is still to be checked, of a ticket that is solved. */
  solved?: object
  /** When it was solved the last time, where the help desk tells it: the report may know the first time only. */
  lastSolvedAt?: string
  /** It was solved and is not any more, since this moment where the help desk tells it. */
  reopened?: { at: string | undefined }
}

/** Reads what a help desk sends; what is no ticket has neither an id nor a status. */
export function ticketIn(system: HelpDesk, body: unknown): InboundTicket {
  return translations[system](body)
}

const translations: Record<HelpDesk, (body: unknown) => InboundTicket> = { zendesk, zammad, freshdesk }

/** A ticket event, or one of the bodies that docs/integrate/zendesk.md gives to triggers. */
function zendesk(body: unknown): InboundTicket {
  const detail = at(body, 'detail') ?? at(body, 'ticket')
  const status = textAt(body, 'event', 'current') ?? textAt(detail, 'status')
  const found = { externalId: named('zendesk', textAt(detail, 'id')), status }
  const solved = ['solved', 'closed']
  const moment = momentAt(body, 'time') ?? momentAt(detail, 'updated_at')
  if (!isOneOf(status, solved)) {
    // An event tells from what a ticket has changed; a trigger has looked at it already.
    const before = textAt(body, 'event', 'previous')
    const left = before === undefined || isOneOf(before, solved)
    return {
      ...found,
      ...(left && isOneOf(status, ['new', 'open', 'pending', 'hold']) && { reopened: { at: moment } }),
    }
  }
  const requester = at(detail, 'requester')
  const requesterId = textAt(requester, 'id') ?? textAt(detail, 'requester_id')
  const report = ticket(found.externalId, {
    startedAt: momentAt(detail, 'created_at'),
    endedAt: moment,
    outcome: status?.toLowerCase(),
    channel: textAt(detail, 'via', 'channel') ?? textAt(detail, 'via'),
    team: textAt(detail, 'group'),
    agent: textAt(detail, 'assignee'),
    customer: person({
      externalId: requesterId && `zendesk:${requesterId}`,
      email: textAt(requester, 'email'),
      phone: textAt(requester, 'phone'),
      name: textAt(requester, 'name'),
      language: textAt(requester, 'language'),
      organisation: textAt(detail, 'organization'),
    }),
  })
  return { ...found, solved: report, ...(moment !== undefined && { lastSolvedAt: moment }) }
}

/**
 * Zammad's own payload; in newer versions names stand inside objects. `close_at` stays at the first time that a ticket
 * was closed; newer versions tell the last one as well.
 */
function zammad(body: unknown): InboundTicket {
  const given = at(body, 'ticket')
  const state = nameAt(given, 'state')
  const found = { externalId: named('zammad', textAt(given, 'number') ?? textAt(given, 'id')), status: state }
  if (isOneOf(state, ['new', 'open', 'pending reminder'])) {
    return { ...found, reopened: { at: momentAt(given, 'updated_at') } }
  }
  if (!isOneOf(state, ['closed', 'solved'])) return found
  const customer = at(given, 'customer')
  const report = ticket(found.externalId, {
    startedAt: momentAt(given, 'created_at'),
    endedAt: momentAt(given, 'last_close_at') ?? momentAt(given, 'close_at') ?? momentAt(given, 'updated_at'),
    outcome: state,
    channel: nameAt(given, 'create_article_type'),
    team: nameAt(given, 'group'),
    agent: nameAt(given, 'owner'),
    customer: person({
      externalId: textAt(customer, 'id') && `zammad:${textAt(customer, 'id')}`,
      email: textAt(customer, 'email'),
      phone: textAt(customer, 'mobile') ?? textAt(customer, 'phone'),
      name: nameAt(given, 'customer'),
      organisation: nameAt(given, 'organization'),
    }),
  })
  const lastSolvedAt = momentAt(given, 'last_close_at') ?? momentAt(given, 'updated_at')
  return { ...found, solved: report, ...(lastSolvedAt !== undefined && { lastSolvedAt }) }
}

/**
 * The fields that Freshdesk offers for the content of a webhook, where who asked is the contact, and was the requester
 * before. It tells no moments: it sends when it happens.
 */
function freshdesk(body: unknown): InboundTicket {
  const given = at(body, 'freshdesk_webhook')
  const status = textAt(given, 'ticket_status')
  const found = { externalId: named('freshdesk', textAt(given, 'ticket_id')), status }
  if (isOneOf(status, ['open', 'pending'])) return { ...found, reopened: { at: undefined } }
  if (!isOneOf(status, ['resolved', 'closed'])) return found
  const contact = (what: string) => textAt(given, `ticket_contact_${what}`) ?? textAt(given, `ticket_requester_${what}`)
  const report = ticket(found.externalId, {
    outcome: status?.toLowerCase(),
    channel: textAt(given, 'ticket_source'),
    team: textAt(given, 'ticket_group_name'),
    agent: textAt(given, 'ticket_agent_name'),
    topic: textAt(given, 'ticket_type'),
    customer: person({
      email: contact('email'),
      phone: contact('phone'),
      name: contact('name'),
      organisation: textAt(given, 'ticket_company_name') ?? textAt(given, 'ticket_requester_company_name'),
    }),
  })
  return { ...found, solved: report }
}

function named(system: HelpDesk, id: string | undefined): string | undefined {
  return id && `${system}:${id}`
}

function ticket(externalId: string | undefined, rest: Record<string, unknown>): object {
  const { startedAt, endedAt } = rest as { startedAt?: string; endedAt?: string }
  const backwards = startedAt !== undefined && endedAt !== undefined && startedAt > endedAt
  const report = { ...rest, ...(backwards && { startedAt: undefined }) }
  return { externalId, kind: 'ticket', ...report }
}

/** Somebody whom nothing names is nobody; a number that is no telephone's is left out, and so is no address. */
function person(given: Record<string, string | undefined>): object | undefined {
  const digits = given['phone']?.replace(/[\s()./-]/g, '').replace(/^00/, '+')
  const phone = digits && /^\+[1-9]\d{6,14}$/.test(digits) ? digits : undefined
  const email = address.safeParse(given['email']).data
  const known = {
    ...given,
    phone,
    email,
    name: given['name']?.slice(0, 120),
    language: given['language']?.slice(0, 20),
  }
  // Whoever is reached by an address is the same person under whatever number other programs know them.
  const reached = known.email ?? known.phone
  const externalId = reached === undefined ? given['externalId'] : undefined
  if (reached === undefined && externalId === undefined) return undefined
  return { ...known, externalId, organisation: given['organisation']?.slice(0, 120) }
}

function at(value: unknown, ...path: string[]): unknown {
  let here = value
  for (const name of path) here = (here as Record<string, unknown> | null | undefined)?.[name]
  return here
}

/** A text or a number, without what no text may hold. */
function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = at(value, ...path)
  if (typeof found !== 'string' && typeof found !== 'number') return undefined
  const text = withoutTurns(String(found))
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 180)
    .toWellFormed()
  return text === '' ? undefined : text
}

/** What somebody or something is called, whether it comes as a name or as an object with one. */
function nameAt(value: unknown, name: string): string | undefined {
  const whole = textAt(value, name) ?? textAt(value, name, 'name')
  const parts = [textAt(value, name, 'firstname'), textAt(value, name, 'lastname')].filter((part) => part !== undefined)
  return whole ?? (parts.join(' ') || undefined)
}

function momentAt(value: unknown, ...path: string[]): string | undefined {
  const moment = new Date(textAt(value, ...path) ?? '')
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString()
}

function isOneOf(given: string | undefined, known: readonly string[]): boolean {
  return given !== undefined && known.includes(given.toLowerCase())
}
