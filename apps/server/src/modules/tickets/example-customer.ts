import { listAddressesOf } from '#people'
import type { Language } from '@lahko/contract/values'
import { hashToken, newToken } from '#platform/secrets.ts'
import type { Tx } from '#platform/store.ts'
import { insertLink } from './customer-links.queries.ts'
import { findExampleCustomer } from './own-requests.queries.ts'

const validMs = 600_000
const solvedForMs = 30 * 86_400_000

/**
 * A link that lets somebody see a made-up shop as one of its customers: who has something open and something solved
 * lately, in this language where there is one.
 * @returns its path; undefined where there is nobody such
 */
export async function linkAsExample(tx: Tx, language: Language): Promise<string | undefined> {
  const solvedSince = new Date(tx.now.getTime() - solvedForMs)
  const customerId = await findExampleCustomer(tx, { language, solvedSince })
  const [address] = customerId === undefined ? [] : await listAddressesOf(tx, [customerId])
  if (address === undefined) return undefined
  const token = newToken()
  await insertLink(tx, hashToken(token), { address, ticketId: null }, new Date(tx.now.getTime() + validMs))
  return `/requests/enter/${token}?lang=${language}`
}
