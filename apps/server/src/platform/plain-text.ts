import { withoutTurns } from '@lahko/contract/values'

/** Text as a person wrote it: without control characters, halves of characters, and what turns the order of letters. */
export function plainText(given: string): string {
  const lines = given.replaceAll(/\r\n?/g, '\n').replaceAll(/(?![\n\t])\p{Cc}/gu, '')
  return withoutTurns(lines).toWellFormed().trim()
}

/** Its beginning, which does not end in half a character. */
export function beginningOf(text: string, most: number): string {
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')
}
