import { setImmediate } from 'node:timers/promises'
import { notAskedRules, type DryRun, type ProgrammeSettings } from '@lahko/contract/programmes'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { listEnded } from '#touchpoints'
import { factsOf, fits } from './conditions.ts'
import { currentDeciding } from './deciding.ts'
import { listDeciding } from './deciding.queries.ts'
import { createFrequency } from './fair-share.ts'
import { decide, type Deciding, type DecidingProgramme, type EndedTouchpoint, type Fate, type Memory } from './fates.ts'
import { localDateOf } from '#platform/local-date.ts'
import { demandSurvey } from './programmes.ts'

const daysBack = 90
const mostTouchpoints = 20_000
const mostShown = 10
const atOnce = 500
/** A draft has no seed yet. */
const draftSeed = 'dry run'

/**
 * What a programme, were it on, would have done over the last 90 days beside those that are on: each touchpoint is
 * decided at the moment when it ended, by the rules of today, beginning with nobody asked before. Open problems and
 * answers of that time are not known to it, and addresses are those of today.
 * @param replaces the programme in whose place it stands; otherwise it is the last
 * @throws Problem not_found; invalid `programmes.unknown_survey`, `programmes.survey_without_names`
 */
export async function runDry(db: Db, settings: ProgrammeSettings, replaces: string | null): Promise<DryRun> {
  await demandSurvey(db, settings.surveyId)
  const { deciding, mine } = await decidingWith(db, settings, replaces)
  const from = new Date(db.now.getTime() - daysBack * 86_400_000)
  const newest = await listEnded(db, from, mostTouchpoints + 1)
  const touchpoints = newest.slice(0, mostTouchpoints).toReversed()
  const fates = await replay(touchpoints, deciding)
  const fitting = fates.filter(({ touchpoint }) => fits(mine.conditions, factsOf(touchpoint)))
  const own = fitting.filter(({ fate }) => fate.programme === mine)
  return {
    from: from.toISOString(),
    to: db.now.toISOString(),
    touchpoints: touchpoints.length,
    complete: newest.length <= mostTouchpoints,
    fitting: fitting.length,
    earlier: fitting.length - own.length,
    asked: own.filter(({ fate }) => fate.notAsked === null).length,
    notAsked: notAskedRules
      .map((rule) => ({ rule, count: own.filter(({ fate }) => fate.notAsked === rule).length }))
      .filter(({ count }) => count > 0),
    sample: own.slice(-mostShown).toReversed().map(shown),
  }
}

/** The programmes that are on, with this one among them. */
async function decidingWith(
  db: Db,
  settings: ProgrammeSettings,
  replaces: string | null,
): Promise<{ deciding: Deciding; mine: DecidingProgramme }> {
  const current = await currentDeciding(db)
  const all = await listDeciding(db, localDateOf(db.now, current.timeZone))
  const before = all.find(({ id }) => id === replaces)
  if (replaces !== null && !before) throw new Problem('not_found', 'platform.not_found')
  const draft = { id: replaces ?? draftSeed, seed: before?.seed ?? draftSeed, lively: true }
  // A survey is published before anybody is asked; whether it is today says nothing about then.
  const mine: DecidingProgramme = { ...settings, ...draft, survey: 'open' }
  const others = all.filter(({ id, state }) => state === 'on' || id === replaces)
  const programmes = before ? others.map((one) => (one.id === replaces ? mine : one)) : [...others, mine]
  return { deciding: { ...current, programmes }, mine }
}

type Replayed = { touchpoint: EndedTouchpoint; fate: Fate }

/** Whoever else waits has their turn in between. @param touchpoints those that ended first first */
async function replay(touchpoints: readonly EndedTouchpoint[], deciding: Deciding): Promise<Replayed[]> {
  const memory: Memory = {
    answered: new Set(),
    notWritten: new Map(),
    preferences: new Map(),
    inOpenProblem: new Set(),
    persons: new Map(),
    organisations: new Map(),
    frequency: createFrequency(
      deciding.programmes.map(({ id }) => id),
      [],
    ),
    quotas: new Map(),
  }
  const fates: Replayed[] = []
  for (const touchpoint of touchpoints) {
    if (fates.length % atOnce === 0) await setImmediate()
    fates.push({ touchpoint, fate: decide(touchpoint, deciding, memory, touchpoint.endedAt) })
  }
  return fates
}

function shown({ touchpoint, fate }: Replayed): DryRun['sample'][number] {
  return {
    touchpoint: touchpoint.id,
    kind: touchpoint.kind,
    endedAt: touchpoint.endedAt.toISOString(),
    dueAt: fate.dueAt?.toISOString() ?? null,
    rule: fate.notAsked,
  }
}
