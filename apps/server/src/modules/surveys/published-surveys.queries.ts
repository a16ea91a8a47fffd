import { sql } from 'kysely'
import { getWorkspace } from '#accounts'
import type { Db } from '#platform/store.ts'
import type { PublishedSurvey } from './published-surveys.ts'

/** A survey that has been published at least once, with the version that is asked now. An id goes before a key. */
export async function findPublished(db: Db, keyOrId: string): Promise<PublishedSurvey | undefined> {
  const { rows } = await sql<Omit<PublishedSurvey, 'timeZone'>>`
    select s.workspace_id as "workspaceId", s.id, s.key, s.name, s.state, s.identity, s.metric, s.rule, s.declared,
      s.generation, s.closes_on as "closesOn", v.version, v.wording, v.content
    from surveys s
    join survey_versions v on v.workspace_id = s.workspace_id and v.survey_id = s.id and v.version = s.version
    where s.workspace_id = ${db.workspaceId} and ${keyOrId} in (s.id::text, s.key)
    order by s.id::text = ${keyOrId} desc limit 1`.execute(db.kysely)
  return rows[0] && { ...rows[0], timeZone: (await getWorkspace(db)).time_zone }
}
