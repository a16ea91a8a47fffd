import type { Programme } from '@lahko/contract/programmes'
import { getWorkspace } from '#accounts'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { localDateOf } from '#platform/local-date.ts'
import { listProgrammeRows, type ProgrammeRow } from './programmes.queries.ts'

/** All programmes in their order. */
export async function viewProgrammes(db: Db): Promise<{ items: Programme[] }> {
  return { items: (await rowsOf(db)).map(viewOf) }
}

/** @throws Problem not_found */
export async function viewProgramme(db: Db, id: string): Promise<Programme> {
  const [row] = await rowsOf(db, id)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return viewOf(row)
}

async function rowsOf(db: Db, id?: string): Promise<ProgrammeRow[]> {
  const { time_zone: timeZone } = await getWorkspace(db)
  return listProgrammeRows(db, localDateOf(db.now, timeZone), id)
}

function viewOf(row: ProgrammeRow): Programme {
  return {
    id: row.id,
    name: row.name,
    place: row.place,
    state: row.state,
    surveyId: row.survey_id,
    survey: { name: row.survey_name, open: row.survey_open },
    conditions: row.conditions,
    delayMinutes: row.delay_minutes,
    hours: row.hours,
    share: row.share,
    reminderDays: row.reminder_days,
    expiresDays: row.expires_days,
    quota: row.quota,
    createdAt: row.created_at.toISOString(),
  }
}
