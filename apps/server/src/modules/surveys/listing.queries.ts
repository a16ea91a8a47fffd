import { sql, type RawBuilder } from 'kysely'
import type { AnonymousComment, SurveyContent } from '@lahko/contract'
import type { Rule } from '@lahko/effort'
import type { Db } from '#platform/store.ts'
import type { AttributeFilter } from './histograms.ts'
import { firstMoment, lastMoment } from './moments.ts'

/** The survey whose answers are listed; wording and content are null while it is a draft. */
export type ListedSurvey = {
  id: string
  key: string
  name: string
  identity: 'identified' | 'anonymous'
  rule: Rule
  declared: string[]
  wording: number | null
  /** Of the wording's newest version. */
  content: SurveyContent | null
}

export type ListedResponse = {
  id: string
  score: number
  answered_at: Date
  local_date: string
  language: string | null
  version: number
  wording: number
  source: 'link' | 'api' | 'import' | 'demo'
  reasons: string[]
  comment: string | null
  answers: Record<string, string | string[]>
  attributes: Record<string, string>
  customer_id: string | null
  touchpoint_id: string | null
  excluded_reason: 'spam' | 'test' | 'own' | null
}

export type ResponseFilter = {
  /** All of them when left out: scores of different wordings stand side by side then. */
  wording?: number
  /** Local days, inclusive. */
  from?: string
  to?: string
  where: readonly AttributeFilter[]
  scores?: readonly number[]
  search?: string
  excluded: boolean
}

/** Where a page ended. */
export type PageEnd = { score: number; at: string; id: string }

const columns = sql.raw(
  'r.id, r.score, r.answered_at, r.local_date, r.language, r.version, r.wording, r.source, r.reasons, r.comment, ' +
    'r.answers, r.attributes, r.customer_id, r.touchpoint_id, r.excluded_reason',
)
/** Words in more comments than these are so frequent that going through the answers in their order meets them soon. */
const mostFound = 2_000

/** @param wording the newest when left out */
export async function findListedSurvey(db: Db, id: string, wording?: number): Promise<ListedSurvey | undefined> {
  const { rows } = await sql<ListedSurvey>`
    select s.id, s.key, s.name, s.identity, s.rule, s.declared, v.wording, v.content from surveys s
    left join lateral (
      select wording, content from survey_versions v where v.workspace_id = s.workspace_id and v.survey_id = s.id
        ${wording === undefined ? sql`` : sql`and v.wording = ${wording}`}
      order by v.version desc limit 1
    ) v on true
    where s.workspace_id = ${db.workspaceId} and s.id = ${id}`.execute(db.kysely)
  return rows[0]
}

/** The ids of all questions that any version asked, those of the newest first. */
export async function listQuestionIds(db: Db, surveyId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select q.question->>'id' as id from survey_versions v
    cross join lateral jsonb_array_elements(v.content->'questions') with ordinality q(question, place)
    where v.workspace_id = ${db.workspaceId} and v.survey_id = ${surveyId}
    group by 1 order by max(v.version) desc, min(q.place), 1`.execute(db.kysely)
  return rows.map(({ id }) => id)
}

/** The contents that answers of these versions were given to. */
export async function listContents(
  db: Db,
  surveyId: string,
  versions: readonly number[],
): Promise<Map<number, SurveyContent>> {
  if (versions.length === 0) return new Map()
  const { rows } = await sql<{ version: number; content: SurveyContent }>`
    select version, content from survey_versions
    where workspace_id = ${db.workspaceId} and survey_id = ${surveyId}
      and version = any(${[...new Set(versions)]}::integer[])`.execute(db.kysely)
  return new Map(rows.map(({ version, content }) => [version, content]))
}

/** A page, newest first. */
export async function listNewest(
  db: Db,
  survey: ListedSurvey,
  filter: ResponseFilter,
  page: { after?: PageEnd; limit: number },
): Promise<ListedResponse[]> {
  const fits = await conditionsOf(db, survey, filter)
  const scores = filter.scores ? sql`and r.score = any(${filter.scores}::smallint[])` : sql``
  const { rows } = await sql<ListedResponse>`
    select ${columns} from responses r where ${fits} ${scores}
      ${page.after ? sql`and (r.answered_at, r.id) < (${page.after.at}, ${page.after.id})` : sql``}
    order by r.answered_at desc, r.id desc limit ${page.limit}`.execute(db.kysely)
  return rows
}

// Lowest of all; beside a moment that never comes any id will do.
const someId = '00000000-0000-0000-0000-000000000000'

/** Answers by their ids, with the surveys they belong to; not those that have been forgotten. */
export async function listByIds(db: Db, ids: readonly string[]): Promise<(ListedResponse & { survey_id: string })[]> {
  const { rows } = await sql<ListedResponse & { survey_id: string }>`
    select ${columns}, r.survey_id from responses r
    where r.workspace_id = ${db.workspaceId} and r.id = any(${[...ids]}::uuid[]) and r.answered_at > '-infinity'
    order by r.id`.execute(db.kysely)
  return rows
}

/**
 * A page, score by score in the order of `scores`, the newest of each first. Each score reads its own stretch of the
 * index and no more than a page of it. A page ends at one of `scores`.
 */
export async function listByScore(
  db: Db,
  survey: ListedSurvey,
  filter: ResponseFilter,
  scores: readonly number[],
  page: { after?: PageEnd; limit: number },
): Promise<ListedResponse[]> {
  const fits = await conditionsOf(db, survey, filter)
  const { after } = page
  const left = after ? scores.slice(scores.indexOf(after.score)) : scores
  const ends = left.map((score) => (score === after?.score ? after.at : 'infinity'))
  const { rows } = await sql<ListedResponse>`
    select r.* from unnest(${left}::smallint[], ${ends}::timestamptz[]) with ordinality as s(score, before, turn)
    cross join lateral (
      select ${columns} from responses r where ${fits} and r.score = s.score
        and (r.answered_at, r.id) < (s.before, ${after?.id ?? someId}::uuid)
      order by r.answered_at desc, r.id desc limit ${page.limit}
    ) r
    order by s.turn, r.answered_at desc, r.id desc limit ${page.limit}`.execute(db.kysely)
  return rows
}

/** Comments of an anonymous survey after an id. */
export async function listShuffled(
  db: Db,
  surveyId: string,
  { after, limit, excluded }: { after?: string; limit: number; excluded: boolean },
): Promise<AnonymousComment[]> {
  const { rows } = await sql<AnonymousComment>`
    select r.id, r.comment, r.excluded_reason as excluded from responses r
    where r.workspace_id = ${db.workspaceId} and r.survey_id = ${surveyId} and r.segment = 0
      and r.comment is not null and r.excluded_at is ${excluded ? sql`not null` : sql`null`}
      and r.id > ${after ?? someId}::uuid
    order by r.id limit ${limit}`.execute(db.kysely)
  return rows
}

async function conditionsOf(
  db: Db,
  { id, declared }: ListedSurvey,
  filter: ResponseFilter,
): Promise<RawBuilder<unknown>> {
  const conditions = [
    sql`r.workspace_id = ${db.workspaceId} and r.survey_id = ${id}`,
    filter.excluded ? sql`r.excluded_at is not null` : sql`r.excluded_at is null`,
    // What has been forgotten is a score in the figures and no answer of somebody any more.
    sql`r.answered_at > '-infinity'`,
  ]
  if (filter.wording !== undefined) conditions.push(sql`r.wording = ${filter.wording}`)
  // The moments bound what the index reads; the local days decide.
  if (filter.from) conditions.push(sql`r.local_date >= ${filter.from} and r.answered_at >= ${firstMoment(filter.from)}`)
  if (filter.to) conditions.push(sql`r.local_date <= ${filter.to} and r.answered_at < ${lastMoment(filter.to)}`)
  const cells = filter.where.filter(({ attribute }) => declared.includes(attribute))
  if (cells.length > 0) conditions.push(sql`r.segment = any(${await listSegmentsOf(db, id, cells)}::integer[])`)
  for (const { attribute, values } of filter.where.filter((one) => !cells.includes(one))) {
    const own =
      attribute === 'language' ? sql`coalesce(r.attributes->>'language', r.language)` : sql`r.attributes->>${attribute}`
    conditions.push(sql`coalesce(${own}, '') = any(${values})`)
  }
  if (filter.search) {
    const pattern = `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`
    const found = await searchComments(db, id, pattern, filter)
    // Without the case PostgreSQL would take frequent words for rare ones, and sort all answers that hold them.
    const holds = sql`case when r.comment ilike ${pattern} then true else false end`
    conditions.push(found ? sql`r.id = any(${found}::uuid[])` : holds)
  }
  return sql.join(conditions, sql` and `)
}

/** The answers whose comment holds it; undefined where they are too many to name. */
async function searchComments(
  db: Db,
  surveyId: string,
  pattern: string,
  { from, to }: ResponseFilter,
): Promise<string[] | undefined> {
  const since = from ? firstMoment(from) : sql`'-infinity'::timestamptz`
  const until = to ? lastMoment(to) : sql`'infinity'::timestamptz`
  const { rows } = await sql<{ id: string }>`
    select search_comments(${surveyId}, ${pattern}, ${since}, ${until}, ${mostFound + 1}) as id`.execute(db.kysely)
  return rows.length > mostFound ? undefined : rows.map(({ id }) => id)
}

async function listSegmentsOf(db: Db, surveyId: string, where: readonly AttributeFilter[]): Promise<number[]> {
  const fits = where.map(({ attribute, values }) => sql`coalesce(attributes->>${attribute}, '') = any(${values})`)
  const { rows } = await sql<{ segment: number }>`
    select segment from segments
    where workspace_id = ${db.workspaceId} and survey_id = ${surveyId} and ${sql.join(fits, sql` and `)}`.execute(
    db.kysely,
  )
  return rows.map(({ segment }) => segment)
}
