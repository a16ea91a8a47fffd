import { statfs } from 'node:fs/promises'
import { connect } from 'node:net'
import type pg from 'pg'
import { compareMigrations } from '../platform/migrations.ts'

/** What one look found. `mend` says what to do about anything that is not good. */
export type Finding = { what: string; state: 'good' | 'warning' | 'bad'; says: string; mend?: string }

const gigabyte = 1024 ** 3

/** Room on the disk of the data folder. */
export async function checkDisk(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder)
  return judgeDisk(bavail * bsize)
}

/** @param free bytes */
export function judgeDisk(free: number): Finding {
  const says = `${(free / gigabyte).toFixed(1)} GB free`
  const mend = 'Make room, or move the data folder to a larger disk with LAHKO_DATA.'
  if (free < gigabyte / 4) return { what: 'Disk', state: 'bad', says, mend }
  return free < 2 * gigabyte ? { what: 'Disk', state: 'warning', says, mend } : { what: 'Disk', state: 'good', says }
}

/** PostgreSQL's version, and the settings without which an acknowledged answer may be lost. */
export async function checkPostgres(client: pg.Client): Promise<Finding[]> {
  const names = [
    'server_version',
    'server_version_num',
    'server_encoding',
    'fsync',
    'synchronous_commit',
    'full_page_writes',
  ]
  const shown: Record<string, string> = {}
  for (const name of names)
    shown[name] = Object.values((await client.query<Record<string, string>>(`show ${name}`)).rows[0]!)[0]!
  return judgePostgres(shown)
}

/** @param shown what `SHOW` says, by the names of the settings */
export function judgePostgres(shown: Readonly<Record<string, string>>): Finding[] {
  const isNew = Number(shown['server_version_num']) >= 150_000
  const version: Finding = isNew
    ? { what: 'PostgreSQL', state: 'good', says: `${shown['server_version']}, ${shown['server_encoding']}` }
    : {
        what: 'PostgreSQL',
        state: 'bad',
        says: `${shown['server_version']} is too old`,
        mend: 'Move the database to PostgreSQL 15 or newer.',
      }
  const off = ['fsync', 'full_page_writes'].filter((name) => shown[name] !== 'on')
  if (shown['synchronous_commit'] === 'off') off.push('synchronous_commit')
  if (off.length === 0)
    return [
      version,
      { what: 'Durability', state: 'good', says: 'fsync, full_page_writes and synchronous_commit are on' },
    ]
  const mend = off.map((name) => `ALTER SYSTEM SET ${name} = on;`).join(' ')
  const says = `${off.join(' and ')} off: a power cut may lose answers that were acknowledged`
  return [
    version,
    { what: 'Durability', state: 'bad', says, mend: `Run in the database: ${mend} SELECT pg_reload_conf();` },
  ]
}

/** Whether the application's connections are bound by row-level security. */
export async function checkRole(app: pg.Client): Promise<Finding> {
  const { rows } = await app.query<{ name: string; free: boolean }>(
    'select current_user as name, rolsuper or rolbypassrls as free from pg_roles where rolname = current_user',
  )
  const { name = 'nobody', free = true } = rows[0] ?? {}
  if (name === 'lahko_app' && !free)
    return { what: 'Role', state: 'good', says: 'requests run as lahko_app, inside their workspace' }
  const mend = 'Run as a superuser: ALTER ROLE lahko_app NOSUPERUSER NOBYPASSRLS;'
  return { what: 'Role', state: 'bad', says: `requests run as ${name}, which sees every workspace`, mend }
}

export async function checkMigrations(client: pg.Client): Promise<Finding> {
  const { waiting, unknown } = await compareMigrations(client)
  if (unknown.length > 0) {
    const says = `${unknown.join(', ')} came from a newer Lahko`
    return { what: 'Schema', state: 'bad', says, mend: 'Update Lahko, or restore a backup that this version made.' }
  }
  if (waiting.length === 0) return { what: 'Schema', state: 'good', says: 'up to date' }
  return {
    what: 'Schema',
    state: 'warning',
    says: `${waiting.join(', ')} not applied yet`,
    mend: 'Start Lahko: it brings the database up to date.',
  }
}

/** The clocks of this machine and of the database, and whether they went back since somebody was last here. */
export async function checkClock(client: pg.Client, now: Date): Promise<Finding> {
  const { rows } = await client.query<{ database: Date; newest: Date }>(`
    select clock_timestamp() as database,
      greatest(pg_postmaster_start_time(), (select max(seen_at) from sessions)) as newest`)
  return judgeClock(now, rows[0]!.database, rows[0]!.newest)
}

/** @param newest the latest moment that was written down */
export function judgeClock(now: Date, database: Date, newest: Date): Finding {
  const apartSeconds = Math.abs(now.getTime() - database.getTime()) / 1000
  const mend = 'Let the machine take its time from the network (timedatectl set-ntp true).'
  if (apartSeconds > 5) {
    return {
      what: 'Clock',
      state: 'bad',
      says: `this machine and the database are ${Math.round(apartSeconds)} seconds apart`,
      mend,
    }
  }
  if (newest.getTime() > now.getTime() + 60_000) {
    return {
      what: 'Clock',
      state: 'bad',
      says: `it is ${now.toISOString()} here, and something happened at ${newest.toISOString()} already`,
      mend,
    }
  }
  return { what: 'Clock', state: 'good', says: now.toISOString() }
}

/** Jobs that were given up, and jobs that nobody does. */
export async function checkJobs(client: pg.Client): Promise<Finding> {
  const { rows: given } = await client.query<{ slug: string; task: string; jobs: string; newest: Date }>(
    `select slug, task, count(*) as jobs, max(failed_at) as newest from failed_jobs join workspaces using (workspace_id)
     group by slug, task order by slug, task limit 20`,
  )
  const { rows: late } = await client.query<{ jobs: number }>(
    `select count(*)::int as jobs from graphile_worker.jobs where run_at < now() - interval '10 minutes' and locked_at is null and attempts < max_attempts`,
  )
  if (given.length > 0) {
    const says = given
      .map(
        ({ slug, task, jobs, newest }) => `${jobs} × ${task} in ${slug}, last on ${newest.toISOString().slice(0, 16)}Z`,
      )
      .join('; ')
    return {
      what: 'Jobs',
      state: 'bad',
      says: `given up: ${says}`,
      mend: `Run lahko jobs list --workspace ${given[0]!.slug}: it says why. Mend that, then lahko jobs retry.`,
    }
  }
  const waiting = late[0]?.jobs ?? 0
  if (waiting === 0) return { what: 'Jobs', state: 'good', says: 'none failed, none late' }
  return {
    what: 'Jobs',
    state: 'warning',
    says: `${waiting} late by ten minutes or more`,
    mend: 'Start Lahko, which does them; when it runs, look into its log.',
  }
}

/**
 * Who listens on Lahko's port: Lahko, nobody, or a stranger.
 * @param servedAt where a server says that it serves this data, which may be on another port than these settings name
 */
export async function checkPort(host: string | undefined, port: number, servedAt?: string): Promise<Finding> {
  const what = 'Port'
  if (servedAt !== undefined && portOf(servedAt) !== port) return checkServer(servedAt)
  if (port === 0) return { what, state: 'good', says: 'any free one, as PORT=0 asks' }
  const name = host === undefined || host === '0.0.0.0' || host === '::' ? 'localhost' : host
  if (!(await isTaken(name, port))) return { what, state: 'good', says: `${port} is free; Lahko is not running on it` }
  const mend = `Stop the other program, or choose another port with PORT, such as PORT=${port + 1}.`
  const url = `http://${name.includes(':') ? `[${name}]` : name}:${port}/readyz`
  return (
    judgeServer(await readinessAt(url), `${port}`) ?? {
      what,
      state: 'warning',
      says: `another program listens on ${port}`,
      mend,
    }
  )
}

/** The server that lives on this data, when these settings name another port than its own. */
async function checkServer(url: string): Promise<Finding> {
  const silent = { what: 'Port', state: 'bad', says: `Lahko runs at ${url}, and does not answer` } as const
  return judgeServer(await readinessAt(`${url}/readyz`), url) ?? { ...silent, mend: 'Look into its log.' }
}

async function readinessAt(url: string): Promise<string | undefined> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(3_000) })
    .then((one) => one.json() as Promise<{ status?: string }>)
    .catch(() => undefined)
  return typeof reply?.status === 'string' ? reply.status : undefined
}

function judgeServer(status: string | undefined, where: string): Finding | undefined {
  const what = 'Port'
  if (status === undefined) return undefined
  if (status === 'ready') return { what, state: 'good', says: `Lahko is ready on ${where}` }
  const mend = 'Look into its log; it tries again by itself.'
  return { what, state: 'bad', says: `Lahko runs on ${where}, and says: ${status}`, mend }
}

function portOf(address: string): number {
  const { port, protocol } = new URL(address)
  return Number(port) || (protocol === 'https:' ? 443 : 80)
}

function isTaken(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 })
    const end = (taken: boolean) => {
      socket.destroy()
      resolve(taken)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}
