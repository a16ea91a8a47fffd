import { createHash } from 'node:crypto'
import type { EffortAlarmData } from '@lahko/contract'
import type { ControlPoint } from '@lahko/effort'
import { getWorkspace } from '#accounts'
import { notify, type News } from '#notices'
import type { DueKind } from '#platform/due.ts'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import { daysAfter, localDateOf, momentOf } from '#platform/local-date.ts'
import type { Db, Tx } from '#platform/store.ts'
import { listHardWords, listWatchedSurveys, type HardWords } from '#surveys'
import { insertWatch, lockDueWatch, updateWatch } from './alarms.queries.ts'
import { writeAlarm } from './alarm-mail.ts'
import { chartOf } from './effort-report.ts'
import { countSeries, findSubject, type Subject } from './measuring.ts'

export const planTask = 'plan_effort_watch'
const mostWords = 3
/** A run that began long ago was told then, or nobody watched. */
const longestAgoDays = 14

/** Plans the looks of a workspace that is new. */
export function watchTasks({ store }: House): Task[] {
  const plan = (tx: Tx) => nextLook(tx).then((at) => insertWatch(tx, at))
  return [{ name: planTask, daily: true, run: (scope) => store.write(scope, plan) }]
}

/** Looks at the control chart of each survey when a local day has ended, and tells members of a run of signals, once. */
export function watchesDue(house: House): DueKind[] {
  return [{ name: 'effort_watches', work: (scope) => house.store.write(scope, (tx) => watch(house, tx)) }]
}

async function watch(house: House, tx: Tx): Promise<boolean> {
  if (!(await lockDueWatch(tx))) return false
  const { time_zone: zone } = await getWorkspace(tx)
  await notify(house, tx, await findAlarms(tx, daysAfter(localDateOf(tx.now, zone), -1)))
  await updateWatch(tx, await nextLook(tx))
  return true
}

/** Soon after the local day has ended, so that what was on its way is in. */
async function nextLook(db: Db): Promise<Date> {
  const { time_zone: zone } = await getWorkspace(db)
  const today = localDateOf(db.now, zone)
  const [thisNight, next] = [today, daysAfter(today, 1)].map((day) => momentOf(day, '00:10', zone))
  return thisNight! > db.now ? thisNight! : next!
}

/**
 * What the charts of all watched surveys say after a local day: one chart a survey, of its total, day by day. Beyond
 * three charts all limits widen, so that a workspace hears no more false alarms for having more surveys.
 */
async function findAlarms(db: Db, day: string): Promise<News[]> {
  const surveys = await listWatchedSurveys(db)
  const news: News[] = []
  for (const survey of surveys) {
    const subject = await findSubject(db, { survey, period: 'day', at: day, filter: [] })
    const points = chartOf(subject, await countSeries(db, subject), surveys.length)
    const run = lastRun(points)
    if (run && run[0]!.at >= daysAfter(day, -longestAgoDays)) news.push(await newsOf(db, subject, points, run))
  }
  return news
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
    subjectId: nameOfRun(survey.id, wording.wording, run[0]!.at),
    topicId: survey.id,
    topic: survey.name,
    data,
    quotes: said.map(({ id }) => id),
    mail: (reader) => writeAlarm({ subject, points, data, said }, reader),
  }
}

function dataOf({ survey, scale, metric }: Subject, run: readonly ControlPoint[]): EffortAlarmData {
  const point = run.at(-1)!
  const signal = point.signals.includes('limit') ? 'limit' : 'drift'
  const measured = signal === 'limit' ? point.value! : point.ewma!
  const higher = measured > point.centre!
  const highIsHard = metric === 'hardShare' || (metric === 'mean' && scale.direction === 'high-is-hard')
  return {
    ...{ surveyId: survey.id, surveyKey: survey.key, metric, signal },
    ease: higher === highIsHard ? 'harder' : 'easier',
    // Days under five answers joined this one.
    from: daysAfter(point.at, -point.joined),
    to: point.at,
    ...{ n: point.n, value: point.value!, usual: point.centre!, low: point.low!, high: point.high! },
  }
}

/** A run of signals is one alarm, however long it goes on: shaped as a UUID, 122 bits of SHA-256. */
function nameOfRun(surveyId: string, wording: number, from: string): string {
  const hex = createHash('sha256').update(`effort alarm\n${surveyId}\n${wording}\n${from}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
