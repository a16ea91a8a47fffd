import type { NotAskedRule } from '@lahko/contract/programmes'
import { markDecided, takeUndecided, type UndecidedTouchpoint } from '#touchpoints'
import type { Tx } from '#platform/store.ts'
import { listAnswersAbout, lockDeciding } from './deciding.queries.ts'
import { insertPastFates } from './past-fates.queries.ts'

/** What became of a touchpoint, all of it in the past but for what still waits. */
export type PastFate = {
  programmeId: string | null
  surveyId: string | null
  notAsked: NotAskedRule | null
  decidedAt: Date
  dueAt: Date | null
  sentAt: Date | null
  uncertainAt: Date | null
  bouncedAt: Date | null
  unsubscribedAt: Date | null
  remindersSent: number
  expiresAt: Date | null
  expiredAt: Date | null
}
export type PastTouchpoint = UndecidedTouchpoint & { answeredAt: Date | null }

/**
 * Writes the ledger of a workspace that begins with a past, such as the demo: touchpoints that nobody has decided about
 * get the fates that they are given, oldest first.
 * @returns how many; 0 when none is left
 */
export async function keepPastFates(
  tx: Tx,
  most: number,
  fateOf: (touchpoint: PastTouchpoint) => PastFate,
): Promise<number> {
  await lockDeciding(tx)
  const touchpoints = await takeUndecided(tx, most)
  const ids = touchpoints.map(({ id }) => id)
  const answers = new Map((await listAnswersAbout(tx, ids)).map((one) => [one.touchpointId, one]))
  await insertPastFates(
    tx,
    touchpoints.map((touchpoint) => {
      const answer = answers.get(touchpoint.id)
      return { touchpoint, answer, fate: fateOf({ ...touchpoint, answeredAt: answer?.answeredAt ?? null }) }
    }),
  )
  await markDecided(tx, ids)
  return ids.length
}
