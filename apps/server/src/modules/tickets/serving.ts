import type { TicketLine } from '@lahko/contract/tickets'
import type { Tx } from '#platform/store.ts'
import { openMs, read } from './reading.ts'
import { claimNext } from './serving.queries.ts'
import { listTicketLines } from './tickets.queries.ts'
import { viewLines } from './tickets.view.ts'

/** Nobody is refused so often: each time somebody else was served. */
const mostTries = 100

/** What matters most. Whoever asks has claimed it for half a minute, and a member has it open: nobody else gets the same. */
export async function serveNext(tx: Tx, skip: readonly string[]): Promise<TicketLine | null> {
  const id = await claim(tx, skip)
  if (!id) return null
  if (tx.actor.kind === 'member') await read(tx, id, { writes: false })
  const [line] = await viewLines(tx, await listTicketLines(tx, [id]))
  return line ?? null
}

async function claim(tx: Tx, skip: readonly string[]): Promise<string | undefined> {
  const { actor } = tx
  const memberId = actor.kind === 'member' ? actor.memberId : null
  const holderId = memberId ?? (actor.kind === 'key' ? actor.keyId : tx.workspaceId)
  const until = new Date(tx.now.getTime() + openMs)
  for (let tries = 0; tries < mostTries; tries++) {
    const { found, isOurs } = await claimNext(tx, { holderId, memberId, until }, skip)
    if (isOurs || !found) return found
  }
  return undefined
}
