import { changeAskingRules, createProgramme, turnProgramme } from '../apps/server/src/modules/surveys/programmes.ts'
import type { Tx } from '../apps/server/src/platform/store.ts'

/** All rules, and twenty programmes that each fit one kind (`kind-0` … `kind-19`) and look at more. */
export async function turnOnTwenty(tx: Tx, surveyId: string): Promise<void> {
  await changeAskingRules(tx, { personDays: 30, organisationDays: 2, spareOpenProblems: true, fairShare: true })
  for (let kind = 0; kind < 20; kind++) {
    const id = await createProgramme(tx, {
      ...{ name: `Kind ${kind}`, surveyId, delayMinutes: 60, share: 0.8, reminderDays: [3], expiresDays: 14 },
      conditions: [
        { attribute: 'kind', is: 'anyOf', values: [`kind-${kind}`] },
        { attribute: 'topic', is: 'present', values: [] },
      ],
      hours: { from: '08:00', until: '18:00', days: [1, 2, 3, 4, 5] },
      quota: { attribute: 'topic', per: 'week', most: 1000 },
    })
    await turnProgramme(tx, id, 'on')
  }
}
