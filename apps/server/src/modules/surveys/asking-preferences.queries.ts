import { sql } from 'kysely'
import type { SurveyContent } from '@lahko/contract/surveys'
import { uuidv7 } from '#platform/identifiers.ts'
import type { Db, Tx } from '#platform/store.ts'

/** What somebody does not want to be asked: one survey, or any before a moment. */
export type AskingPreference = { surveyId: string | null; until: Date | null }

/** What a person said, as any of these customers, and still holds. */
export async function listPreferences(db: Db, customerIds: readonly string[]): Promise<AskingPreference[]> {
  const { rows } = await sql<AskingPreference>`
    select distinct on (survey_id) survey_id as "surveyId", until from asking_preferences
    where workspace_id = ${db.workspaceId} and customer_id = any(${[...customerIds]}::uuid[])
      and (until is null or until > ${db.now})
    order by survey_id nulls first, until desc nulls first`.execute(db.kysely)
  return rows
}

/**
 * What people said and still holds, by persons.
 * @param persons all customers that are one, by whoever they are
 */
export async function listPreferencesOf(
  db: Db,
  persons: ReadonlyMap<string, readonly string[]>,
): Promise<Map<string, AskingPreference[]>> {
  const pairs = [...persons].flatMap(([person, ids]) => ids.map((id) => ({ person, id })))
  const { rows } = await sql<AskingPreference & { person: string }>`
    select g.person, p.survey_id as "surveyId", p.until
    from unnest(${pairs.map(({ person }) => person)}::uuid[], ${pairs.map(({ id }) => id)}::uuid[]) g(person, id)
    join asking_preferences p on p.workspace_id = ${db.workspaceId} and p.customer_id = g.id
      and (p.until is null or p.until > ${db.now})`.execute(db.kysely)
  return Map.groupBy(rows, ({ person }) => person)
}

/** Everything that a customer said, also what holds no longer. */
export async function listKeptPreferences(db: Db, customerId: string): Promise<(AskingPreference & { at: Date })[]> {
  const { rows } = await sql<AskingPreference & { at: Date }>`
    select survey_id as "surveyId", until, at from asking_preferences
    where workspace_id = ${db.workspaceId} and customer_id = ${customerId} order by at, id`.execute(db.kysely)
  return rows
}

export async function savePreference(tx: Tx, customerId: string, { surveyId, until }: AskingPreference): Promise<void> {
  await sql`
    insert into asking_preferences (workspace_id, id, customer_id, survey_id, until, at)
    values (${tx.workspaceId}, ${uuidv7(tx.now.getTime())}, ${customerId}, ${surveyId}, ${until}, ${tx.now})
    on conflict (workspace_id, customer_id, survey_id) do update set until = excluded.until, at = excluded.at`.execute(
    tx.kysely,
  )
}

/** @param surveyId null for what was said about all surveys. @returns whether there was one */
export async function deletePreference(
  tx: Tx,
  customerIds: readonly string[],
  surveyId: string | null,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from asking_preferences
    where workspace_id = ${tx.workspaceId} and customer_id = any(${[...customerIds]}::uuid[])
      and survey_id is not distinct from ${surveyId}::uuid`.execute(tx.kysely)
  return (numAffectedRows ?? 0n) > 0n
}

/** What people are asked by mail: the surveys of programmes that are on, and one more, in the programmes' order. */
export async function listAskedSurveys(db: Db, also: string | null): Promise<{ id: string; content: SurveyContent }[]> {
  const { rows } = await sql<{ id: string; content: SurveyContent }>`
    select s.id, v.content from surveys s
    join survey_versions v on v.workspace_id = s.workspace_id and v.survey_id = s.id and v.version = s.version
    left join (select survey_id, min(place) as place from programmes
      where workspace_id = ${db.workspaceId} and state = 'on' and removed_at is null group by 1) p on p.survey_id = s.id
    where s.workspace_id = ${db.workspaceId} and s.state = 'published' and (p.place is not null or s.id = ${also}::uuid)
    order by p.place nulls last, s.id limit 50`.execute(db.kysely)
  return rows
}
