/**
 * A PostgreSQL for tests: prints its address and lives until standard input closes.
 * `server.ts embedded FOLDER` starts the one that comes with Lahko, `server.ts debian FOLDER` Debian's PostgreSQL 15.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync } from 'node:fs'
import type pg from 'pg'
import { readConfig } from '../../config.ts'
import { openDatabase } from '../embedded/index.ts'

const [kind, folder = ''] = process.argv.slice(2)
// PostgreSQL's own user has to pass through it.
chmodSync(folder, 0o755)
const { address, stop } = kind === 'debian' ? startDebian() : await startEmbedded()
process.stdout.write(`${address}\n`)
process.stdin.resume()
process.stdin.on('end', () => void stop())

async function startEmbedded() {
  const config = readConfig({ LAHKO_DATA: `${folder}/data` })
  const database = await openDatabase(config, { log: () => undefined })
  return { address: addressOf(database.owner), stop: () => database.close() }
}

function addressOf({ user, host, port }: pg.ClientConfig): string {
  return `postgres://${user}@localhost:${port}/postgres?host=${encodeURIComponent(host ?? '')}`
}

function startDebian() {
  const programs = '/usr/lib/postgresql/15/bin'
  if (!existsSync(programs)) throw new Error('Install Debian’s PostgreSQL 15 first: apt-get install postgresql-15')
  const data = `${folder}/postgresql-15`
  mkdirSync(data)
  const uid =
    process.getuid?.() === 0 ? Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' })) : undefined
  if (uid !== undefined) chownSync(data, uid, uid)
  const run = (program: string, ...args: string[]) =>
    execFileSync(`${programs}/${program}`, ['-D', `${data}/cluster`, ...args], {
      uid,
      stdio: ['ignore', 'ignore', 'inherit'],
      cwd: '/',
    })
  run('initdb', '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C')
  run(
    'pg_ctl',
    '-w',
    '-l',
    `${data}/log`,
    '-o',
    `-c listen_addresses= -c unix_socket_directories=${data} -c max_connections=200`,
    'start',
  )
  return {
    address: `postgres://postgres@localhost:5432/postgres?host=${encodeURIComponent(data)}`,
    stop: async () => void run('pg_ctl', '-w', '-m', 'fast', 'stop'),
  }
}
