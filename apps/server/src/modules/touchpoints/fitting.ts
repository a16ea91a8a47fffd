import { toldAttributes, type TouchpointReport } from '@lahko/contract/touchpoints'
import type { CustomerReference } from '@lahko/contract/people'

/** Why one report is not taken. `field`: JSON Pointer into it; `code` names a sentence. */
export type Refusal = { status: 'refused'; kind: 'invalid' | 'conflict'; code: string; field: string }

/** What of a report is to be kept; undefined is not said. */
export type FittingReport = {
  status: 'fits'
  externalId?: string
  kind: string
  startedAt?: Date
  /** Null opens it again. */
  endedAt?: Date | null
  attributes: Record<string, string>
  customer?: CustomerReference
}

const earliest = Date.UTC(1990, 0, 1)
const yearMs = 366 * 86_400_000
const aheadMs = 60_000

/** Checks one report. Pure: the same report gets the same verdict. */
export function fitReport(report: TouchpointReport, now: Date): FittingReport | Refusal {
  const startedAt = momentOf(report.startedAt)
  const endedAt = momentOf(report.endedAt)
  const refusal = refuseMoments({ startedAt, endedAt }, now) ?? refuseCustomer(report.customer)
  if (refusal) return refusal
  return {
    status: 'fits',
    externalId: report.externalId,
    kind: report.kind,
    startedAt,
    // Clocks differ a little; what has ended has ended by now.
    endedAt: endedAt && endedAt > now ? now : endedAt,
    attributes: attributesOf(report),
    customer: report.customer,
  }
}

/** What every help desk tells stands among the attributes; said outright it wins over an attribute of its name. */
export function attributesOf(report: Partial<TouchpointReport>): Record<string, string> {
  const told = toldAttributes.flatMap((name) => (report[name] === undefined ? [] : [[name, report[name]] as const]))
  return { ...report.attributes, ...Object.fromEntries(told) }
}

/** Refuses moments that cannot be, each by its own field. */
export function refuseMoments(
  { startedAt, endedAt }: { startedAt?: Date | null; endedAt?: Date | null },
  now: Date,
): Refusal | undefined {
  if (startedAt && startedAt.getTime() < earliest) return refused('too_long_ago', '/startedAt')
  if (startedAt && startedAt.getTime() > now.getTime() + yearMs) return refused('starts_too_late', '/startedAt')
  if (endedAt && endedAt.getTime() < earliest) return refused('too_long_ago', '/endedAt')
  if (endedAt && endedAt.getTime() > now.getTime() + aheadMs) return refused('ends_in_future', '/endedAt')
  if (startedAt && endedAt && endedAt < startedAt) return refused('ended_before_started', '/endedAt')
  return undefined
}

/** Refuses a customer whom nothing names. */
export function refuseCustomer(given: CustomerReference | undefined): Refusal | undefined {
  if (!given || given.id !== undefined) return undefined
  const named = given.externalId !== undefined || given.email !== undefined || given.phone !== undefined
  return named ? undefined : refused('customer_unnamed', '/customer')
}

/** As many as one report may bring, and what every help desk tells. */
const mostAttributes = 20 + toldAttributes.length

/** Refuses attributes that, with those that are known, are more than a touchpoint may have. */
export function refuseAttributes(merged: Readonly<Record<string, string>>): Refusal | undefined {
  return Object.keys(merged).length > mostAttributes ? refused('too_many_attributes', '/attributes') : undefined
}

/** The refusal of a customer whose id nobody has. */
export function noSuchCustomer(): Refusal {
  return refused('no_such_customer', '/customer/id')
}

function refused(name: string, field: string): Refusal {
  return { status: 'refused', kind: 'invalid', code: `touchpoints.${name}`, field }
}

function momentOf<T extends null | undefined>(text: string | T): Date | T {
  return typeof text === 'string' ? new Date(text) : text
}
