import { countAttempt, hostnameOf } from '#accounts'
import type { Language } from '@lahko/contract/values'
import type { FastifyRequest } from 'fastify'
import { customerGroup, findCustomerByAddress } from '#people'
import type { House } from '#platform/house.ts'
import { enqueue, type Task } from '#platform/jobs.ts'
import { networkOf } from '#platform/networks.ts'
import { hashToken } from '#platform/secrets.ts'
import { takeLink } from './customer-links.queries.ts'
import { beginSession } from './customer-sessions.ts'
import { findRequestOf } from './own-requests.queries.ts'
import { mailRequestLink } from './request-mails.ts'
import { findTicketRow } from './tickets.queries.ts'

const taskName = 'mail_request_link'
// As for members: what one network asks for one address, and for any.
const freeForAddress = 5
const freeForNetwork = 30

/** What somebody asks for: a link to all requests, or to the one with this number. */
export type Wish = { address: string; language: Language; number?: number }

/**
 * Asks for a link by mail. Whether anybody is known by the address is looked up only after the reply, so that neither
 * the reply nor its time tells.
 * @returns how many seconds to wait instead; 0 when it is done
 */
export async function askForRequestLink(house: House, request: FastifyRequest, wish: Wish): Promise<number> {
  const { workspaceId } = request.scope
  const network = networkOf(request.ip)
  const limits = [
    { key: hashToken(`request link ${workspaceId} ${wish.address} ${network}`), free: freeForAddress },
    { key: hashToken(`request links ${network}`), free: freeForNetwork },
  ]
  const wait = await countAttempt(house.store.outside, limits, house.clock.now())
  if (wait > 0) return wait
  const key = `${taskName}:${workspaceId}:${hashToken(wish.address).toString('base64url')}`
  await house.store.write(request.scope, (tx) => enqueue(tx, taskName, { ...wish }, key))
  return 0
}

/** Mails a link to whoever is known by the address. Who asked is not told when it fails: they ask again. */
export function requestLinkTask(house: House): Task {
  return {
    name: taskName,
    async run(scope, payload) {
      const { address, language, number } = payload as Wish
      await house.store.write(scope, async (tx) => {
        const customerId = await findCustomerByAddress(tx, address)
        if (!customerId) return
        const wanted =
          number === undefined ? undefined : await findRequestOf(tx, number, await customerGroup(tx, customerId))
        await mailRequestLink(house, tx, { address, language, ticketId: wanted?.id ?? null })
      })
    },
    giveUp: async () => undefined,
  }
}

/**
 * Signs a customer in by a link, which is used up.
 * @returns the secret of the session and where to go; undefined when the link was used, is over, or its address is
 *   nobody's any more
 */
export async function enterByLink(
  house: House,
  request: FastifyRequest,
  token: string,
): Promise<{ secret: string; number?: number } | undefined> {
  return house.store.write(request.scope, async (tx) => {
    const link = await takeLink(tx, hashToken(token))
    const customerId = link && (await findCustomerByAddress(tx, link.address))
    if (!customerId) return undefined
    const session = { customerId, address: link.address, host: hostnameOf(request) }
    const secret = await beginSession(tx, session)
    const ticket = link.ticketId ? await findTicketRow(tx, link.ticketId) : undefined
    return { secret, ...(ticket && { number: ticket.number }) }
  })
}
