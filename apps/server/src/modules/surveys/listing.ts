import type { AnonymousComment, Response, SingleAnswer, SurveyContent } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import type { Scale } from '@lahko/effort'
import { findWorkspace } from '#accounts'
import { findCustomers } from '#people'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { findTouchpoints } from '#touchpoints'
import {
  findListedSurvey,
  listByIds,
  listByScore,
  listContents,
  listNewest,
  listShuffled,
  type ListedResponse,
  type ListedSurvey,
  type PageEnd,
  type ResponseFilter,
} from './listing.queries.ts'
import { viewResponse } from './responses.view.ts'
import { ruleOn } from './content.ts'
import type { AttributeFilter } from './histograms.ts'

/** What a reader asks for, as the contract parsed it. */
export type ListQuery = {
  wording?: number
  from?: string
  to?: string
  /** `attribute:value`; values of one attribute are alternatives. */
  filter: readonly string[]
  scores?: 'hard' | 'neither' | 'easy'
  search?: string
  excluded?: boolean
}

/**
 * One page of a survey's answers.
 * @throws Problem not_found; forbidden `surveys.no_single_answers`; invalid `surveys.unknown_wording`, `surveys.bad_page`
 */
export async function listResponses(
  db: Db,
  surveyId: string,
  query: ListQuery & { order: 'newest' | 'hardest'; after?: string; limit: number },
  language: Language,
): Promise<{ items: Response[]; next: string | null }> {
  const survey = await getListedSurvey(db, surveyId, query.wording)
  const filter = filterOf(survey, { ...query, wording: survey.wording ?? undefined })
  const page = { after: query.after === undefined ? undefined : readEnd(query.after), limit: query.limit + 1 }
  const scores = hardestFirst(survey, filter.scores)
  if (query.order === 'hardest' && page.after && !scores.includes(page.after.score)) throw badPage()
  const rows = await (query.order === 'newest'
    ? listNewest(db, survey, filter, page)
    : listByScore(db, survey, filter, scores, page))
  const shown = rows.slice(0, query.limit)
  return {
    items: await viewAll(db, survey, shown, language),
    next: rows.length > shown.length ? endAfter(shown.at(-1)!) : null,
  }
}

/**
 * Comments of an anonymous survey by their ids, which are random: they stand in no order of time, score or language.
 * @throws Problem not_found; conflict `surveys.comments_with_answers` when the survey is not anonymous
 */
export async function listComments(
  db: Db,
  surveyId: string,
  { after, limit, excluded }: { after?: string; limit: number; excluded: boolean },
): Promise<{ items: AnonymousComment[]; next: string | null }> {
  const { identity } = await getListedSurvey(db, surveyId)
  if (identity !== 'anonymous') throw new Problem('conflict', 'surveys.comments_with_answers')
  const rows = await listShuffled(db, surveyId, { after, limit: limit + 1, excluded })
  const items = rows.slice(0, limit)
  return { items, next: rows.length > limit ? items.at(-1)!.id : null }
}

/**
 * @param wording the newest when left out
 * @throws Problem not_found; invalid `surveys.unknown_wording`
 */
export async function getListedSurvey(db: Db, id: string, wording?: number): Promise<ListedSurvey> {
  const survey = await findListedSurvey(db, id, wording)
  if (!survey) throw new Problem('not_found', 'platform.not_found')
  if (wording !== undefined && !survey.content) throw invalidField('/query/wording', 'surveys.unknown_wording')
  return survey.content ? { ...survey, rule: ruleOn(survey.content.score.scale, survey.rule) } : survey
}

/** Rows with everything that a reader sees beside them. */
export async function viewAll(
  db: Db,
  survey: ListedSurvey,
  rows: readonly ListedResponse[],
  language: Language,
): Promise<Response[]> {
  return (await readRows(db, survey, rows)).map(({ view }) => view(language))
}

/** One answer with what was asked, to be viewed in any language. */
export type Readable = {
  survey: ListedSurvey
  content: SurveyContent
  company: string
  view(language: Language): Response
}

/** Single answers by their ids, survey by survey; none of those that are gone, and none of an anonymous survey. */
export async function readAll(db: Db, ids: readonly string[]): Promise<Readable[]> {
  const found: Readable[] = []
  for (const [surveyId, rows] of Map.groupBy(await listByIds(db, ids), (row) => row.survey_id)) {
    const survey = await getListedSurvey(db, surveyId)
    if (survey.identity === 'identified') found.push(...(await readRows(db, survey, rows)))
  }
  return found
}

async function readRows(db: Db, survey: ListedSurvey, rows: readonly ListedResponse[]): Promise<Readable[]> {
  const present = (ids: (string | null)[]) => ids.filter((id) => id !== null)
  const contents = await listContents(
    db,
    survey.id,
    rows.map(({ version }) => version),
  )
  const customers = await findCustomers(db, present(rows.map((row) => row.customer_id)))
  const touchpoints = await findTouchpoints(db, present(rows.map((row) => row.touchpoint_id)))
  const company = (await findWorkspace(db))?.name ?? ''
  return rows.map((row) => {
    const content = contents.get(row.version)!
    const reading = { content, scale: scaleOf(survey, content), customers, touchpoints, company }
    return { survey, content, company, view: (language) => viewResponse(row, { ...reading, language }) }
  })
}

/** One answer and the survey it belongs to. @throws Problem not_found, also for one of an anonymous survey */
export async function readOne(db: Db, id: string, language: Language): Promise<SingleAnswer> {
  const [found] = await readAll(db, [id])
  if (!found) throw new Problem('not_found', 'platform.not_found')
  const { survey, content, view } = found
  const { key, name } = survey
  return { survey: { id: survey.id, key, name, scale: content.score.scale }, response: view(language) }
}

/** @throws Problem forbidden when the survey is anonymous: what fits a filter would be told of whoever wrote it */
export function filterOf(survey: ListedSurvey, query: ListQuery): ResponseFilter {
  if (survey.identity === 'anonymous') throw new Problem('forbidden', 'surveys.no_single_answers')
  return {
    wording: query.wording,
    from: query.from,
    to: query.to,
    where: attributeFilters(query.filter),
    scores: query.scores && scoresOf(survey, query.scores),
    search: query.search || undefined,
    excluded: query.excluded ?? false,
  }
}

function attributeFilters(given: readonly string[]): AttributeFilter[] {
  const values = Map.groupBy(given, (one) => one.slice(0, one.indexOf(':')))
  return [...values].map(([attribute, all]) => ({
    attribute,
    values: all.map((one) => one.slice(attribute.length + 1)),
  }))
}

function scoresOf({ rule, content }: ListedSurvey, kind: 'hard' | 'neither' | 'easy'): number[] {
  if (kind !== 'neither') return [...rule[kind]]
  return allScores(content).filter((score) => !rule.hard.includes(score) && !rule.easy.includes(score))
}

function hardestFirst({ content }: ListedSurvey, among: readonly number[] | undefined): number[] {
  const scores = allScores(content).filter((score) => among?.includes(score) ?? true)
  return content?.score.scale.direction === 'high-is-hard' ? scores.toReversed() : scores
}

function allScores(content: ListedSurvey['content']): number[] {
  const { min, max } = content?.score.scale ?? { min: 0, max: 10 }
  return Array.from({ length: max - min + 1 }, (_, place) => min + place)
}

/** The scale of one version, with the rule that its scores are read by. */
function scaleOf(survey: ListedSurvey, { score: { scale } }: NonNullable<ListedSurvey['content']>): Scale {
  const { easy, hard } = ruleOn(scale, survey.rule)
  return { ...scale, easy, hard }
}

function endAfter({ score, answered_at, id }: ListedResponse): string {
  return Buffer.from(JSON.stringify([score, answered_at.toISOString(), id])).toString('base64url')
}

function readEnd(text: string): PageEnd {
  try {
    const [score, at, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
    if (isScore(score) && isMoment(at) && isId(id)) return { score, at, id }
  } catch {
    // Falls through: what cannot be read was not given out either.
  }
  throw badPage()
}

function badPage(): Problem {
  return invalidField('/query/after', 'surveys.bad_page')
}

function isScore(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 10
}

/** As `endAfter` writes it, of a year that the database knows too. */
function isMoment(value: unknown): value is string {
  return typeof value === 'string' && /^[12]\d{3}-/.test(value) && new Date(value).toISOString() === value
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)
}
