import type { TouchpointReport } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import { suppressAll } from '#people'
import type { House } from '#platform/house.ts'
import type { Scope, Tx } from '#platform/store.ts'
import { createProgramme, keepPastFates, listProgrammeNames, turnProgramme } from '#surveys'
import { reportTouchpoints } from '#touchpoints'
import { demoProgrammes, pastOf, settingsOf, type DemoProgramme } from './asking.ts'

const atOnce = 1_000

type Filling = {
  seed: number
  now: Date
  language: Language
  timeZone: string
  surveyId: string
  unanswered: readonly TouchpointReport[]
  onProgress: (done: number) => Promise<void>
}

/**
 * The shop's programmes, and what became of each touchpoint of the half year. First those with answers, which are
 * there; then the others, each batch reported and decided in one transaction, so that no rule of today gets at them.
 */
export async function fillLedger({ store }: House, scope: Scope, filling: Filling): Promise<void> {
  const programmeIds = await store.write(scope, (tx) => ensureProgrammes(tx, filling))
  const past = pastOf({ ...filling, programmeIds })
  while ((await store.write(scope, (tx) => keepPastFates(tx, atOnce, past.fateOf))) > 0);
  for (let done = 0; done < filling.unanswered.length; done += atOnce) {
    const part = filling.unanswered.slice(done, done + atOnce)
    await store.write(scope, async (tx) => {
      await reportTouchpoints(tx, part)
      await keepPastFates(tx, atOnce, past.fateOf)
    })
    await filling.onProgress(done + part.length)
  }
  await store.write(scope, async (tx) => {
    for (const reason of ['bounced', 'unsubscribed'] as const) await suppressAll(tx, past.gone[reason], reason)
    for (const id of Object.values(programmeIds)) await turnProgramme(tx, id, 'on')
  })
}

/** Off until the past is written: what is on decides about everything that ended. */
async function ensureProgrammes(tx: Tx, { surveyId, language }: Filling): Promise<Record<DemoProgramme, string>> {
  const there = await listProgrammeNames(tx)
  const ids: Partial<Record<DemoProgramme, string>> = {}
  for (const programme of Object.keys(demoProgrammes) as DemoProgramme[]) {
    const settings = settingsOf(programme, surveyId, language)
    const known = there.find(({ name }) => name === settings.name)
    ids[programme] = known?.id ?? (await createProgramme(tx, settings))
  }
  return ids as Record<DemoProgramme, string>
}
