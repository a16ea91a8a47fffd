import pg from 'pg'
import { StartRefused } from './start-refused.ts'

/** The role that requests run as. It owns nothing and bypasses nothing, so row-level security binds it. */
export const appRole = 'lahko_app'

/** Runs work on a connection of its own. */
export async function connected<T>(connection: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connection)
  // A connection that breaks also fails the query that waits on it; this keeps it from ending the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/**
 * Makes the application's role when it is missing. Two starts at once do not collide.
 *
 * @param login whether one may sign in with it; without, connections of the owner switch to it
 */
export async function ensureAppRole(client: pg.Client, login: 'login' | 'nologin'): Promise<void> {
  await client.query(`do $$ begin
    create role ${appRole} ${login} nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
  exception when duplicate_object or unique_violation then null;
  end $$`)
}

/**
 * Checks that the application's connections are bound by row-level security.
 *
 * @throws {StartRefused} when they run as somebody else, or as somebody with too many rights
 */
export async function refuseUnbound(app: pg.ClientConfig): Promise<void> {
  const role = await connected(app, async (client) => {
    const { rows } = await client.query<{ name: string; unbound: boolean }>(
      'select current_user as name, rolsuper or rolbypassrls as unbound from pg_roles where rolname = current_user',
    )
    return rows[0]
  })
  if (role?.name !== appRole) {
    throw new StartRefused(
      `Connections to the database run as ${role?.name ?? 'nobody'} instead of ${appRole}. A connection pooler that drops ` +
        'the startup parameter "options" does that: name the database itself in DATABASE_URL.',
    )
  }
  if (role.unbound) {
    throw new StartRefused(
      `The role ${appRole} bypasses row-level security. Run: ALTER ROLE ${appRole} NOSUPERUSER NOBYPASSRLS`,
    )
  }
}
