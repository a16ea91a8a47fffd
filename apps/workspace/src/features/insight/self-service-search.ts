import { oneOf } from '../../search.ts'

export const runs = [30, 90, 365] as const
export const orders = ['readers', 'solved', 'failed'] as const
/** What the screen shows stands in its address. */
export type SelfServiceSearch = { run?: (typeof runs)[number]; sort?: (typeof orders)[number] }

export function readSelfServiceSearch({ run, sort }: Record<string, unknown>): SelfServiceSearch {
  const days = runs.find((one) => String(one) === String(run))
  const order = oneOf(orders, sort)
  return { ...(days && { run: days }), ...(order && { sort: order }) }
}
