import { resolveTxt } from 'node:dns/promises'
import pg from 'pg'
import { readConfig, type Config } from '../config.ts'
import { borrowDatabase, refusal, StartRefused, type Database } from '../platform/embedded/index.ts'
import { readArguments, WrongUsage, type Command, type Terminal } from './command.ts'
import {
  checkClock,
  checkDisk,
  checkJobs,
  checkMigrations,
  checkPort,
  checkPostgres,
  checkRole,
  type Finding,
} from './doctor-checks.ts'
import { checkLeaving, checkLinks, checkMail, checkReturns } from './mail-checks.ts'
import { checkMailboxes } from './mailbox-checks.ts'

const help = `lahko doctor
Says what is wrong with this installation, and how to mend it. It changes nothing.

It looks at Node, the settings, the data folder and its disk, PostgreSQL's version, the settings that keep answers
through a power cut (fsync, full_page_writes, synchronous_commit, as SHOW tells them), the application's role, the
schema, the clock, jobs that failed or are late, the port, what the DNS says of the domain that mails come from,
where the links of mails lead, and the mailbox to which mail comes back. It enters the servers of the help desk's
mailboxes, and compares what is there with what came in.

A line begins with "ok", "look" (worth knowing) or "BAD" (mend it). The exit code is 1 when something is bad, else 0.
Works while Lahko runs and while it does not.

Examples
  lahko doctor
  LAHKO_DATA=/srv/lahko lahko doctor`

const marks = { good: 'ok  ', warning: 'look', bad: 'BAD ' } as const

/** `lahko doctor` */
export const doctor: Command = {
  help,
  async run(args, terminal) {
    const { positionals } = readArguments(args, {})
    if (positionals[0] !== undefined)
      throw new WrongUsage(`lahko doctor takes nothing after it, and there is "${positionals[0]}".`)
    const findings = await examine(terminal)
    for (const { what, state, says, mend } of findings) {
      terminal.stdout.write(`${marks[state]}  ${what.padEnd(11)} ${says}\n`)
      if (mend) terminal.stdout.write(`      ${''.padEnd(11)} → ${mend}\n`)
    }
    const bad = findings.filter((one) => one.state === 'bad').length
    terminal.stdout.write(
      bad === 0 ? 'Nothing is wrong.\n' : `${bad} ${bad === 1 ? 'thing is' : 'things are'} wrong.\n`,
    )
    return bad === 0 ? 0 : 1
  },
}

/** Everything that can be looked at; what cannot be reached is a finding too. */
async function examine(terminal: Terminal): Promise<Finding[]> {
  const config = readConfig(terminal.env)
  const mail = await checkMail(config.mail, resolveTxt)
  try {
    const database = await borrowDatabase(config, { purpose: 'lahko doctor' })
    try {
      return [
        nodeVersion(),
        folderOf(database),
        await checkDisk(database.folder),
        ...(await checkDatabase(database, config)),
        await checkPort(config.host, config.port, database.servedAt),
        ...mail,
      ]
    } finally {
      await database.close()
    }
  } catch (error) {
    const known = refusal(error, config.dataFolder ?? 'the data folder')
    if (!(known instanceof StartRefused)) throw error
    const port = await checkPort(config.host, config.port)
    return [nodeVersion(), { what: 'Database', state: 'bad', says: known.message }, port, ...mail]
  }
}

async function checkDatabase(database: Database, config: Config): Promise<Finding[]> {
  const { mail } = config
  const [owner, app] = [new pg.Client(database.owner), new pg.Client(database.app)]
  try {
    await Promise.all([owner.connect(), app.connect()])
    const schema = await checkMigrations(owner)
    const always = [...(await checkPostgres(owner)), await checkRole(app), schema]
    if (schema.state !== 'good') return always
    const returns = mail.smtpUrl === undefined ? [] : await checkReturns(mail, owner)
    const leaving = [...(await checkLeaving(mail, owner)), ...(await checkLinks(config, owner))]
    const mailboxes = await checkMailboxes(owner, mail.returns?.receiver !== undefined, new Date())
    return [
      ...always,
      await checkClock(owner, new Date()),
      await checkJobs(owner),
      ...leaving,
      ...returns,
      ...mailboxes,
    ]
  } finally {
    await Promise.all([owner.end(), app.end()])
  }
}

function folderOf({ folder, kind }: Database): Finding {
  const says =
    kind === 'embedded' ? `${folder}, with Lahko’s own PostgreSQL` : `${folder}; the database is that of DATABASE_URL`
  return { what: 'Data folder', state: 'good', says }
}

function nodeVersion(): Finding {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= 24) return { what: 'Node', state: 'good', says: process.versions.node }
  return {
    what: 'Node',
    state: 'bad',
    says: `${process.versions.node} is too old`,
    mend: 'Start with npm start or npx lahko, which bring Node 24.',
  }
}
