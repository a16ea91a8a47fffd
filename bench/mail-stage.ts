import pg from 'pg'
import { Kysely, PostgresDialect } from 'kysely'
import { createKey } from '../apps/server/src/modules/accounts/keys.ts'
import { insertExampleSurvey } from '../apps/server/src/modules/surveys/example-survey.ts'
import { createProgramme, turnProgramme } from '../apps/server/src/modules/surveys/programmes.ts'
import { systemClock } from '../apps/server/src/platform/clock.ts'
import { openDatabase, type Database } from '../apps/server/src/platform/embedded/index.ts'
import { migrate } from '../apps/server/src/platform/migrations.ts'
import { openStore, system } from '../apps/server/src/platform/store.ts'

/** Who sends: a workspace with a published survey and a programme that reminds once after three days. */
export type Asking = { workspaceId: string; surveyId: string; programmeId: string; key: string }

/** Of so many mails one is a reminder. */
const remindersEach = 4

/** Makes the database with the workspace in it. `key` reads its ledger and its outbox. */
export function prepareAsking(dataFolder: string): Promise<Asking> {
  return withDatabase(dataFolder, async (database) => {
    await migrate(database.owner)
    const pool = new pg.Pool({ ...database.owner, max: 1 })
    const owner = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
    const { workspaceId, surveyId } = await insertExampleSurvey(owner)
    await owner.destroy()
    const store = openStore(database.app, systemClock, () => undefined)
    const made = await store.write({ workspaceId, actor: system }, async (tx) => {
      const programmeId = await createProgramme(tx, {
        ...{ name: 'After a ticket', surveyId, delayMinutes: 60, share: 1, reminderDays: [3], expiresDays: 14 },
        ...{ conditions: [], hours: null, quota: null },
      })
      await turnProgramme(tx, programmeId, 'on')
      const { key } = await createKey(tx, {
        name: 'bench',
        scopes: ['surveys.read', 'surveys.write', 'responses.read'],
      })
      return { programmeId, key }
    })
    await store.close()
    return { workspaceId, surveyId, ...made }
  })
}

/**
 * Invitations that are due now, and among them such as were sent four days ago, whose reminder is. Each is for another
 * customer, so that each address is written to once; what would be a reminder goes to `again-…`.
 * @param from the first of their numbers
 */
export async function fillLedger(dataFolder: string, asking: Asking, from: number, count: number): Promise<void> {
  const { workspaceId, surveyId, programmeId } = asking
  await withOwner(dataFolder, async (sql) => {
    await sql.query(
      `create temp table asked as
       select n, n % $1 = 0 as again, gen_random_uuid() as customer, gen_random_uuid() as touchpoint,
         gen_random_uuid() as invitation,
         date_trunc('milliseconds', now()) - case when n % $1 = 0 then interval '4 days' else '1 minute' end as at
       from generate_series($2::integer, $3) n`,
      [remindersEach, from, from + count - 1],
    )
    await sql.query(
      `insert into customers (workspace_id, id, external_id, name, email, language, created_at)
       select $1, customer, n, 'Customer ' || n,
         case when again then 'again-' else 'first-' end || n || '@domain-' || n % 500 || '.example',
         (array['en', 'sl', 'nb'])[1 + n % 3], at from asked`,
      [workspaceId],
    )
    await sql.query(
      `insert into touchpoints (workspace_id, id, external_id, kind, customer_id, ended_at, attributes, created_at)
       select $1, touchpoint, n, 'ticket', customer, at - interval '1 hour', '{"topic":"Returns","channel":"phone"}', at
       from asked`,
      [workspaceId],
    )
    await sql.query('delete from undecided_touchpoints where workspace_id = $1', [workspaceId])
    await sql.query(
      `insert into invitations (workspace_id, id, touchpoint_id, ended_at, kind, programme_id, survey_id, customer_id,
         language, decided_at, due_at, queued_at, claimed_at, sent_at, expires_at, next_reminder_at)
       select $1, invitation, touchpoint, at - interval '1 hour', 'ticket', $2, $3, customer, (array['en', 'sl', 'nb'])[1 + n % 3], at, at,
         sent, sent, sent, sent + interval '14 days', sent + interval '3 days'
       from (select *, case when again then at end as sent from asked) asked`,
      [workspaceId, programmeId, surveyId],
    )
    await sql.query('analyze customers, touchpoints, invitations')
  })
}

/** Whether a mail that came is a reminder, by its address. */
export function isReminder(recipient: string): boolean {
  return recipient.startsWith('again-')
}

/** Works on the database while no server has it. */
export function withOwner<T>(dataFolder: string, work: (sql: pg.Client) => Promise<T>): Promise<T> {
  return withDatabase(dataFolder, async ({ owner }) => {
    const sql = new pg.Client(owner)
    await sql.connect()
    try {
      return await work(sql)
    } finally {
      await sql.end()
    }
  })
}

async function withDatabase<T>(dataFolder: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ dataFolder, databaseUrl: undefined })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}
