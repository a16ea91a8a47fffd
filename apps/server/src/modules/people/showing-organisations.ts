import type { House } from '#platform/house.ts'
import { enqueue, type Task } from '#platform/jobs.ts'
import type { Tx } from '#platform/store.ts'
import {
  countLeft,
  findOrganisation,
  lockOrganisations,
  nameSome,
  organisationGroup,
  updateSearched,
  waitForOne,
  type Misnamed,
} from './organisations.queries.ts'

const taskName = 'show_organisation'
/** So many customers get the name of their organisation at once, and so many in each step of what is left. */
const usuallyAtOnce = 1_000

/**
 * Has the customers of an organisation, and whoever looks for it, see what it is called now. Whom somebody holds, and
 * who is more than a thousand, sees it a moment later: whoever waited for them here, with the name in hand, would be
 * waited for by them.
 */
export async function showAnew(tx: Tx, rootId: string): Promise<void> {
  await showSome(tx, rootId)
  await updateSearched(tx, rootId)
}

/** Has the customers at an address of whom no organisation is known belong to this one. @returns how many they are */
export async function joinAtAddress(tx: Tx, rootId: string, address: string): Promise<number> {
  return showSome(tx, rootId, address)
}

async function showSome(tx: Tx, rootId: string, address?: string): Promise<number> {
  const those = await misnamed(tx, rootId, address)
  if (!those) return 0
  const named = await nameSome(tx, those, usuallyAtOnce)
  const left = await countLeft(tx, those)
  if (left > 0) await enqueue(tx, taskName, { rootId, address }, `${taskName}:${rootId}:${address ?? ''}`)
  return named + left
}

/** Names those who are left, step by step. */
export function showOrganisationTask({ store }: House): Task {
  return {
    name: taskName,
    async run(scope, { rootId, address }, stopping) {
      const given = [String(rootId), address === undefined ? undefined : String(address)] as const
      const step = async (tx: Tx) => {
        // No other name comes while this one is written.
        await lockOrganisations(tx, [given[0]])
        const those = await misnamed(tx, ...given)
        return those && { named: await nameSome(tx, those, usuallyAtOnce), left: await countLeft(tx, those), those }
      }
      while (!stopping.aborted) {
        const done = await store.write(scope, step)
        if (!done || done.left === 0) return
        if (done.named === 0) await store.write(scope, (tx) => waitForOne(tx, done.those))
      }
      await store.write(scope, (tx) =>
        enqueue(tx, taskName, { rootId, address }, `${taskName}:${given[0]}:${given[1] ?? ''}`),
      )
    },
  }
}

/** It may have been merged meanwhile, or have gone. */
async function misnamed(tx: Tx, id: string, address: string | undefined): Promise<Misnamed | undefined> {
  const ids = await organisationGroup(tx, id)
  const shown = ids[0] === undefined ? undefined : await findOrganisation(tx, ids[0])
  return shown && { ids, name: shown.name, address }
}
