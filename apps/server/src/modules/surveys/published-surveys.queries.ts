import { createSecretKey } from 'node:crypto'
import { sql } from 'kysely'
import { getWorkspace } from '#accounts'
import type { Db } from '#platform/store.ts'
import type { PublishedSurvey } from './published-surveys.ts'

/** A survey that has been published at least once. @param version the one that is asked now when left out */
export async function findPublished(
  db: Db,
  keyOrId: string,
  version: number | null = null,
): Promise<PublishedSurvey | undefined> {
  const { rows } = await sql<Omit<PublishedSurvey, 'timeZone' | 'keepMonths' | 'formKey'> & { formKey: Buffer }>`
    select s.workspace_id as "workspaceId", s.id, s.key, s.name, s.state, s.identity, s.metric, s.rule, s.declared,
      s.generation, s.closes_on as "closesOn", s.form_key as "formKey", v.version, v.wording, v.content,
      asked.wording as "wordingNow"
    from surveys s
    join survey_versions asked
      on asked.workspace_id = s.workspace_id and asked.survey_id = s.id and asked.version = s.version
    join survey_versions v on v.workspace_id = s.workspace_id and v.survey_id = s.id
      and v.version = coalesce(${version}::integer, s.version)
    where s.workspace_id = ${db.workspaceId} and ${keyOrId} in (s.id::text, s.key)
    order by s.id::text = ${keyOrId} desc limit 1`.execute(db.kysely)
  if (!rows[0]) return undefined
  const formKey = createSecretKey(rows[0].formKey)
  const { time_zone: timeZone, keep_months: keepMonths } = await getWorkspace(db)
  return { ...rows[0], formKey, timeZone, keepMonths }
}
