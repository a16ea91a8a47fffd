import type { Mail } from '@lahko/contract'
import { oneOf } from '../../search.ts'

/** In the order in which they happen. */
export const mailStates = ['waiting', 'sending', 'sent', 'uncertain', 'failed'] as const satisfies Mail['state'][]

/** Which mails the outbox shows, and which one is open. */
export function readOutboxSearch(given: Record<string, unknown>): {
  state?: Mail['state']
  to?: 'members'
  mail?: string
} {
  const { mail } = given
  return {
    state: oneOf([...mailStates], given['state']),
    to: oneOf(['members'], given['to']),
    mail: typeof mail === 'string' && mail ? mail : undefined,
  }
}
