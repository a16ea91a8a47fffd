import type { FastifyRequest } from 'fastify'
import type { House } from '#platform/house.ts'
import { Problem } from '#platform/problem.ts'
import { hashPassword, hashToken, newToken, verifyPassword } from '#platform/secrets.ts'
import { countAttempt, findAccount, forgiveAttempt, type AccountRow } from './accounts.queries.ts'
import { sessionTokenOf } from './cookies.ts'
import { networkOf } from '#platform/networks.ts'
import { noWorkspace } from './resolving.ts'
import { isKnownDevice } from './sessions.queries.ts'

// How many wrong passwords cost nothing: a person's own, and those of an office behind one address.
const freeForAccount = 5
const freeForAddress = 30

let decoy: Promise<string> | undefined

/**
 * The account that an e-mail address and a password open. An address that nobody has takes as long and gets the same
 * refusal. Wrong ones slow down their address, for this account and then for any; a device that has been signed in
 * before is counted by itself, so that nobody else can keep its owner out.
 * @throws Problem unauthenticated, or rate_limited with the seconds to wait
 */
export async function verifyAccount(
  house: House,
  request: FastifyRequest,
  { email, password }: { email: string; password: string },
): Promise<AccountRow> {
  const { outside } = house.store
  const account = await findAccount(outside, email)
  const limits = await limitsOf(house, request, email, account)
  const retryAfterSeconds = await countAttempt(outside, limits, house.clock.now())
  if (retryAfterSeconds > 0) throw new Problem('rate_limited', 'accounts.too_many_attempts', { retryAfterSeconds })
  decoy ??= hashPassword(newToken())
  const right = await verifyPassword(password, account?.password_hash ?? (await decoy))
  if (!account?.password_hash || !right) throw new Problem('unauthenticated', 'accounts.wrong_sign_in')
  await forgiveAttempt(outside, limits[0]!.key, limits.at(-1)!.key)
  return account
}

async function limitsOf(house: House, request: FastifyRequest, email: string, account: AccountRow | undefined) {
  const token = sessionTokenOf(request)
  const known =
    token !== undefined && (await isKnownDevice(house.store.outside, hashToken(token), account?.id ?? noWorkspace))
  if (known) return [{ key: hashToken(`device ${token}`), free: freeForAccount }]
  const network = networkOf(request.ip)
  return [
    { key: hashToken(`account ${email} ${network}`), free: freeForAccount },
    { key: hashToken(`address ${network}`), free: freeForAddress },
  ]
}
