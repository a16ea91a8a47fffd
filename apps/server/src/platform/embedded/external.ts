import pg from 'pg'
import type { Database } from './database.ts'
import { appRole, connected, ensureAppRole, refuseUnbound } from './roles.ts'
import { StartRefused } from './start-refused.ts'

/**
 * An existing PostgreSQL. The URL's user owns the tables; the application's connections are that user's too, switched
 * to the application's role as they open.
 *
 * @param url `postgresql://…`
 * @throws {StartRefused} when it cannot be reached, is too old, or its user may not do what Lahko needs
 */
export async function openExternal(url: string, folder: string): Promise<Database> {
  const owner: pg.ClientConfig = { connectionString: url }
  const app: pg.ClientConfig = { connectionString: withOption(url, `-c role=${appRole}`) }
  try {
    await connected(owner, prepare)
    await refuseUnbound(app)
  } catch (error) {
    throw explained(error, url)
  }
  return { owner, app, folder, kind: 'external', healthy: () => true, close: async () => undefined }
}

// The address wins over other settings of a connection, so the option has to be in it.
function withOption(url: string, option: string): string {
  const changed = new URL(url)
  const given = changed.searchParams.get('options')
  changed.searchParams.set('options', given ? `${given} ${option}` : option)
  return changed.href
}

async function prepare(client: pg.Client): Promise<void> {
  const { rows } = await client.query<Facts>(factsQuery)
  const facts = rows[0]
  if (!facts) throw new StartRefused('The database does not answer as PostgreSQL does.')
  refuseUnsuitable(facts)
  if (!facts.hasRole) await makeRole(client, facts)
  // The owner switches to the role, so it has to be a member; since PostgreSQL 16 making it is not enough.
  if (!facts.isSuperuser) await client.query(`grant ${appRole} to current_user`).catch(() => undefined)
}

type Facts = {
  version: number
  encoding: string
  user: string
  database: string
  mayCreate: boolean
  missing: string[]
  hasRole: boolean
  isSuperuser: boolean
}

const factsQuery = `select current_setting('server_version_num')::int as version,
  current_setting('server_encoding') as encoding, current_user as user, current_database() as database,
  has_database_privilege(current_database(), 'CREATE') as "mayCreate",
  array(select name from unnest(array['pg_trgm', 'btree_gin']) name
    where name not in (select e.name from pg_available_extensions e)) as missing,
  exists (select from pg_roles where rolname = '${appRole}') as "hasRole",
  (select rolsuper from pg_roles where rolname = current_user) as "isSuperuser"`

/** @throws {StartRefused} for the first that keeps Lahko from working there */
export function refuseUnsuitable({ version, encoding, user, database, mayCreate, missing }: Facts): void {
  if (version < 150_000) {
    throw new StartRefused(
      `Lahko needs PostgreSQL 15 or newer; DATABASE_URL leads to PostgreSQL ${Math.floor(version / 10_000)}.`,
    )
  }
  if (encoding !== 'UTF8') {
    throw new StartRefused(`The database ${database} has the encoding ${encoding}; Lahko needs one with UTF8.`)
  }
  if (missing.length > 0) {
    throw new StartRefused(
      `PostgreSQL there lacks the extension ${missing.join(' and ')}. Install what its package calls contrib, such as postgresql-contrib.`,
    )
  }
  if (!mayCreate) {
    throw new StartRefused(
      `The user ${user} may not create in the database ${database}. Run: ALTER DATABASE "${database}" OWNER TO "${user}"`,
    )
  }
}

async function makeRole(client: pg.Client, { user }: Facts): Promise<void> {
  try {
    await ensureAppRole(client, 'nologin')
  } catch (error) {
    throw new StartRefused(
      `The user ${user} may not make the role ${appRole}. Run as a superuser: ` +
        `CREATE ROLE ${appRole} NOLOGIN; GRANT ${appRole} TO "${user}"`,
      { cause: error },
    )
  }
}

function explained(error: unknown, url: string): unknown {
  if (!(error instanceof Error) || error instanceof StartRefused) return error
  const { host, pathname } = new URL(url)
  const code = (error as { code?: string }).code ?? ''
  if (code === '42501' || code === '22023') {
    return new StartRefused(
      `The user in DATABASE_URL may not switch to ${appRole}. Run as a superuser: GRANT ${appRole} TO that user.`,
      { cause: error },
    )
  }
  // An attempt at several addresses of a name fails with an error whose own message is empty.
  const reason = error.message || code || 'no answer'
  return new StartRefused(
    `Lahko cannot use the database ${pathname.slice(1)} at ${host || 'the local socket'}: ${reason}. Check DATABASE_URL.`,
    { cause: error },
  )
}
