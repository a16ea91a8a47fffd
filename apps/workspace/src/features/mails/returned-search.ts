import { returnedKinds, type ReturnedMail } from '@lahko/contract/returned-mails'
import { oneOf } from '../../search.ts'

type ReturnedSearch = { kind?: ReturnedMail['kind']; message?: string }

/** Which messages the list shows, and which one is open. */
export function readReturnedSearch(given: Record<string, unknown>): ReturnedSearch {
  const { message } = given
  return {
    kind: oneOf([...returnedKinds], given['kind']),
    message: typeof message === 'string' && message ? message : undefined,
  }
}
