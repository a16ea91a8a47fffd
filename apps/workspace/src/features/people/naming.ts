import type { Customer } from '@lahko/contract'
import { t } from '../../platform/words.ts'

type Named = Pick<Customer, 'name' | 'email' | 'externalId'> & { phone?: string | null }

/** What a customer is called: by name, else by what names them elsewhere. */
export function nameOf({ name, email, phone, externalId }: Named): string {
  return name || email || phone || externalId || t('people.unnamed')
}
