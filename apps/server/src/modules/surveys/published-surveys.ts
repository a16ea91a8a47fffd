import type { SurveyContent } from '@lahko/contract'
import type { MetricName, Rule } from '@lahko/effort'
import type { KeyObject } from 'node:crypto'
import type { House } from '#platform/house.ts'
import { system, type Store } from '#platform/store.ts'
import { findPublished } from './published-surveys.queries.ts'

/** A survey as it is now, with the version that is asked, or with one of those before. */
export type PublishedSurvey = {
  workspaceId: string
  id: string
  key: string
  name: string
  state: 'published' | 'paused' | 'archived'
  identity: 'identified' | 'anonymous'
  metric: MetricName
  rule: Rule
  declared: readonly string[]
  /** Which declaration of attributes its segments belong to. */
  generation: number
  /** The last local day that takes answers, `YYYY-MM-DD`. */
  closesOn: string | null
  version: number
  wording: number
  /** That of the version that is asked now. */
  wordingNow: number
  content: SurveyContent
  timeZone: string
  /** For how many months the workspace keeps answers; null for ever. */
  keepMonths: number | null
  /** Signs its forms. It never changes. */
  formKey: KeyObject
}

export type PublishedSurveys = {
  /**
   * By key or id, at most five seconds old; undefined for what was never published.
   * @param since as `reads` told it: what was read before then is read anew
   * @param version instead of the one that is asked now
   */
  find(workspaceId: string, keyOrId: string, since?: number, version?: number): Promise<PublishedSurvey | undefined>
  byKey(workspaceId: string, key: string): Promise<PublishedSurvey | undefined>
  byId(workspaceId: string, id: string): Promise<PublishedSurvey | undefined>
  /** How often surveys have been read from the database so far. */
  reads(): number
  /** Reads the survey anew the next time: for whoever has just changed it in this process. */
  forget(surveyId: string): void
}

type Kept = { read: number; readAt: number; survey: Promise<PublishedSurvey | undefined>; surveyId?: string }

const oldestMs = 5_000
const mostKept = 5_000
const ofStore = new WeakMap<Store, PublishedSurveys>()

/** What is asked now, remembered: one memory for each store, renewed by the wake-ups of `survey.*` and `workspace.*`. */
export function createPublishedSurveys(house: House): PublishedSurveys {
  const existing = ofStore.get(house.store)
  if (existing) return existing
  const kept = new Map<string, Kept>()
  let reads = 0
  const forgetWhere = (matches: (key: string, one: Kept) => boolean) => {
    for (const [key, one] of kept) if (matches(key, one)) kept.delete(key)
  }
  const find: PublishedSurveys['find'] = (workspaceId, keyOrId, since = -1, version) => {
    const key = `${workspaceId}/${version ?? 'now'}/${keyOrId}`
    const now = house.clock.now().getTime()
    const known = kept.get(key)
    if (known && known.read > since && now - known.readAt < oldestMs) return known.survey
    const survey = house.store.read({ workspaceId, actor: system }, (db) => findPublished(db, keyOrId, version))
    const fresh: Kept = { read: ++reads, readAt: now, survey }
    const drop = () => void (kept.get(key) === fresh && kept.delete(key))
    survey.then((found) => (found ? (fresh.surveyId = found.id) : drop()), drop)
    if (kept.size >= mostKept) kept.clear()
    kept.set(key, fresh)
    return survey
  }
  const surveys: PublishedSurveys = {
    find,
    byKey: (workspaceId, key) => find(workspaceId, key),
    byId: (workspaceId, id) => find(workspaceId, id),
    reads: () => reads,
    forget: (surveyId) => forgetWhere((_, one) => one.surveyId === surveyId),
  }
  house.live.onWake(({ workspaceId, type, subjectId }) => {
    if (type.startsWith('survey.')) surveys.forget(subjectId)
    if (type.startsWith('workspace.')) forgetWhere((key) => key.startsWith(workspaceId))
  })
  ofStore.set(house.store, surveys)
  return surveys
}
