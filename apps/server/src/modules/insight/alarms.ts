import { createHash } from 'node:crypto'
import type { EffortAlarmData } from '@lahko/contract'
import type { ControlPoint } from '@lahko/effort'
import { getWorkspace } from '#accounts'
import { notify, type News } from '#notices'
import type { DueKind } from '#platform/due.ts'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import { daysAfter, localDateOf, momentOf } from '#platform/local-date.ts'
import type { Db, Scope, Tx } from '#platform/store.ts'
import { listHardWords, listWatchedSurveys, type HardWords } from '#surveys'
import { insertWatch, lockDueWatch, lockLook, updateWatch, upsertLook, type Look } from './alarms.queries.ts'
import { writeAlarm } from './alarm-mail.ts'
import { chartOf } from './effort-report.ts'
import { countSeries, findSubject, type Subject } from './measuring.ts'

export const planTask = 'plan_effort_watch'
const mostWords = 3
/** A run that began long ago was told then, or nobody watched. */
const longestAgoDays = 14
/** What could not be looked at is looked at again. */
const againAfterMs = 3_600_000

/** Plans the looks of a workspace that is new. */
export function watchTasks({ store }: House): Task[] {
  const plan = (tx: Tx) => nextLook(tx).then((at) => insertWatch(tx, at))
  return [{ name: planTask, daily: true, run: (scope) => store.write(scope, plan) }]
}

/** Looks at the control chart of each survey when a local day has ended, and tells members of a run of signals, once. */
export function watchesDue(house: House): DueKind[] {
  return [{ name: 'effort_watches', work: (scope, stopping) => watch(house, scope, stopping) }]
}

/** A chart that cannot be looked at holds up no other, and is tried again within the hour. */
async function watch(house: House, scope: Scope, stopping: AbortSignal): Promise<boolean> {
  const { store } = house
  const surveys = await store.write(scope, claimWatch)
  if (!surveys) return false
  const failures: unknown[] = []
  for (const survey of surveys) {
    if (stopping.aborted) return true
    const look = (tx: Tx) => lookAt(house, tx, survey, surveys.length)
    await store.write(scope, look).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw new AggregateError(failures, 'charts were not looked at')
  await store.write(scope, async (tx) => updateWatch(tx, await nextLook(tx)))
  return true
}

/** @returns which surveys are watched; undefined when it is not due, or somebody else looks */
async function claimWatch(tx: Tx): Promise<string[] | undefined> {
  if (!(await lockDueWatch(tx))) return undefined
  await updateWatch(tx, new Date(tx.now.getTime() + againAfterMs))
  return listWatchedSurveys(tx)
}

/** Soon after the local day has ended, so that what was on its way is in. */
async function nextLook(db: Db): Promise<Date> {
  const { time_zone: zone } = await getWorkspace(db)
  const today = localDateOf(db.now, zone)
  const [thisNight, next] = [today, daysAfter(today, 1)].map((day) => momentOf(day, '00:10', zone))
  return thisNight! > db.now ? thisNight! : next!
}

/**
 * What the chart of a survey said on each day since the last look: of its total, day by day. Beyond three charts all
 * limits widen, so that a workspace hears no more false alarms for having more surveys.
 */
async function lookAt(house: House, tx: Tx, survey: string, charts: number): Promise<void> {
  const subjectOn = (day: string) => findSubject(tx, { survey, period: 'day', at: day, filter: [] })
  const yesterday = daysAfter(localDateOf(tx.now, (await getWorkspace(tx)).time_zone), -1)
  const { wording } = (await subjectOn(yesterday)).wording
  let look = await lockLook(tx, survey, wording)
  for (const day of daysSince(look?.through, yesterday)) {
    const subject = await subjectOn(day)
    const points = chartOf(subject, await countSeries(tx, subject), charts)
    const run = lastRun(points)
    if (run && isNew(run, day, look)) await notify(house, tx, [await newsOf(tx, subject, points, run)])
    look = { through: day, signalledOn: run?.at(-1)!.at ?? look?.signalledOn ?? null, running: run !== undefined }
    await upsertLook(tx, survey, wording, look)
  }
}

/** The days after the last one that was looked at, as far as a run on them would be told. */
function daysSince(through: string | undefined, to: string): string[] {
  const from = through === undefined ? to : daysAfter(through, 1)
  const days: string[] = []
  for (let day = to; day >= from && days.length < longestAgoDays; day = daysAfter(day, -1)) days.unshift(day)
  return days
}

/** Whether no earlier look has found this run, whichever its first day was then. */
function isNew(run: readonly ControlPoint[], day: string, look: Look | undefined): boolean {
  const { at, joined } = run[0]!
  if (at < daysAfter(day, -longestAgoDays)) return false
  if (!look || look.signalledOn === null) return true
  return !look.running && look.signalledOn < daysAfter(at, -joined)
}

/** The signals at the end of a chart, what is unfinished left out; undefined where its last point is a usual one. */
export function lastRun(points: readonly ControlPoint[]): ControlPoint[] | undefined {
  const finished = points.filter(({ unfinished }) => !unfinished)
  const before = finished.findLastIndex(({ signals }) => signals.length === 0)
  const run = finished.slice(before + 1)
  return run.length > 0 ? run : undefined
}

async function newsOf(db: Db, subject: Subject, points: ControlPoint[], run: ControlPoint[]): Promise<News> {
  const { survey, wording } = subject
  const data = dataOf(subject, run)
  const wanted = { from: data.from, to: data.to, most: mostWords }
  const said: HardWords[] = survey.identity === 'identified' ? await listHardWords(db, survey.id, wanted) : []
  return {
    kind: 'effort_alarm',
    subjectId: nameOfRun(survey.id, wording.wording, run.at(-1)!.at),
    topicId: survey.id,
    topic: survey.name,
    data,
    quotes: said.map(({ id }) => id),
    mail: (reader) => writeAlarm({ subject, points, data, said }, reader),
  }
}

/** Of a drift the moving weighted mean with its own limits: the last day alone may say the contrary. */
function dataOf({ survey, content, scale, metric }: Subject, run: readonly ControlPoint[]): EffortAlarmData {
  const point = run.at(-1)!
  const signal = point.signals.includes('limit') ? 'limit' : 'drift'
  const [value, low, high] =
    signal === 'limit' ? [point.value!, point.low!, point.high!] : [point.ewma!, point.ewmaLow!, point.ewmaHigh!]
  const higher = value > point.centre!
  const highIsHard = metric === 'hardShare' || (metric === 'mean' && scale.direction === 'high-is-hard')
  return {
    ...{ surveyId: survey.id, surveyKey: survey.key, family: content.score.scale.family, metric, signal },
    ease: higher === highIsHard ? 'harder' : 'easier',
    // Days under five answers joined this one.
    from: daysAfter(point.at, -point.joined),
    to: point.at,
    ...{ n: point.n, value, usual: point.centre!, low, high },
  }
}

/** After the day on which it was told: shaped as a UUID, 122 bits of SHA-256. */
function nameOfRun(surveyId: string, wording: number, day: string): string {
  const hex = createHash('sha256').update(`effort alarm\n${surveyId}\n${wording}\n${day}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
