import type { Customer } from '@lahko/contract'
import { t } from '../../platform/words.ts'
import { attributeName } from '../insight/attributes.ts'
import type { Fact } from './facts.tsx'

type Named = Pick<Customer, 'name' | 'email' | 'externalId'> & { phone?: string | null }

/** What a customer is called: by name, else by what names them elsewhere. */
export function nameOf({ name, email, phone, externalId }: Named): string {
  return name || email || phone || externalId || t('people.unnamed')
}

/** Attributes as facts, by their names. */
export function attributeFacts(attributes: Readonly<Record<string, string>>): Fact[] {
  return Object.entries(attributes)
    .map(([name, value]) => [attributeName(name), value] as const)
    .toSorted(([a], [b]) => a.localeCompare(b))
}
