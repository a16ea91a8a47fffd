import { setTimeout } from 'node:timers/promises'
import type { Store } from './store.ts'

/** How long a step is rested after, in its own length, when somebody waited for a reply meanwhile. */
const restPerWork = 2

/**
 * Takes step after step of long work that nobody waits for, until one says that nothing is left or `stopping` says so.
 * While others ask this process for something they go first: the work takes a third of the time then.
 * @param step returns whether there may be more
 */
export async function workGivingWay(
  { askedFor }: Pick<Store, 'askedFor'>,
  stopping: AbortSignal,
  step: () => Promise<boolean>,
): Promise<void> {
  while (!stopping.aborted) {
    const before = askedFor()
    const began = performance.now()
    if (!(await step())) return
    if (askedFor() === before) continue
    await setTimeout(restPerWork * (performance.now() - began), undefined, { signal: stopping }).catch(() => undefined)
  }
}
