import type { Language, Translated } from '@lahko/contract/values'
import { fillVariables } from '#platform/variables.ts'

/** What stands below the replies of a mailbox: in the reader's language, else in any that there is. */
export function signatureIn(
  signatures: Translated,
  language: Language,
  known: { agent: string; company: string },
): string {
  const text = signatures[language] || Object.values(signatures).find(Boolean) || ''
  return fillVariables(text, known)
}
