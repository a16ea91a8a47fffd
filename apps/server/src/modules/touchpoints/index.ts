import type { Module } from '#platform/module.ts'
import { exportCustomer } from './touchpoints.queries.ts'

/** Every interaction whose effort can be asked for. */
export const touchpoints: Module = { name: 'touchpoints', tables: ['touchpoints'], exportCustomer }

export {
  findTouchpoints,
  listCustomersWithTouchpoints,
  lockTouchpoints,
  removeTouchpoints,
  type Touchpoint,
} from './touchpoints.queries.ts'
