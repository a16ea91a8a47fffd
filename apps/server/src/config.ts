import { isIP } from 'node:net'
import { isAbsolute, join, resolve } from 'node:path'
import manifest from '../../../package.json' with { type: 'json' }
import { mailSettings, readMail, type MailConfig } from './mail-config.ts'
import { BadSetting, house, type Setting } from './setting.ts'

export type { MailConfig, ReturnsConfig } from './mail-config.ts'
export { BadSetting, house } from './setting.ts'

/** The version of Lahko. */
export const version: string = manifest.version

/** What the environment asks for, checked. Read once, at the start. */
export type Config = Readonly<{
  /** TCP port, 0 for any free one. */
  port: number
  /** An address or name to listen on; undefined for every address of the machine, IPv4 and IPv6. */
  host: string | undefined
  /** Absolute path; undefined for the usual place (`chooseDataFolder` knows it). */
  dataFolder: string | undefined
  /** `postgresql://…`; undefined for the PostgreSQL that comes with Lahko. */
  databaseUrl: string | undefined
  /** `first`: open until the first account exists. `open`: anybody, always. */
  signup: 'first' | 'open'
  /** What links in mails and snippets begin with, without a slash at the end; undefined: as the visitor came. */
  baseUrl: string | undefined
  logLevel: LogLevel
  /** Whose `X-Forwarded-*` headers are believed: nobody's, so many proxies', or those of these addresses. */
  trustProxy: false | number | readonly string[]
  /** What a monitor sends to read `/metrics`; undefined: only this machine may. */
  metricsToken: string | undefined
  /** Which workspace `localhost`, addresses and unknown hosts serve, by its address; undefined for the first. */
  workspace: string | undefined
  /** Fill an empty installation with the demo at the start. */
  seed: 'demo' | undefined
  mail: MailConfig
}>

export type LogLevel = (typeof logLevels)[number]

const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

/** Every setting: the reference page `docs/operate/settings.md` is made of it. */
export const settings = [
  { name: 'PORT', preset: '3000', meaning: 'The TCP port to listen on. `0` takes a free one.' },
  {
    name: 'HOST',
    preset: 'every address',
    meaning:
      'The address or name to listen on. Without it Lahko listens on every address of the machine, IPv4 and IPv6. ' +
      '`localhost` keeps it to this machine.',
  },
  {
    name: 'LAHKO_DATA',
    preset: '`data` in the clone',
    meaning:
      'The data folder: PostgreSQL’s files and what Lahko needs beside them. Started by root from a clone that ' +
      'PostgreSQL’s user cannot reach, the usual place is `/var/lib/lahko/` and eight characters that stand for the ' +
      'clone; the start prints it.',
  },
  {
    name: 'DATABASE_URL',
    preset: 'the PostgreSQL that comes with Lahko',
    meaning:
      'An existing database, PostgreSQL 15 or newer, as `postgresql://user:password@host:5432/database`. The user ' +
      'owns the tables; requests run as the role `lahko_app`, which Lahko makes when it is missing.',
  },
  {
    name: 'LAHKO_SIGNUP',
    preset: '`first`',
    meaning:
      'Who may make a workspace. `first`: whoever comes first, and then only by a member’s link. `open`: anybody.',
  },
  {
    name: 'LAHKO_BASE_URL',
    preset: 'as the visitor came; in mails `http://localhost` and the port',
    meaning:
      'What links in mails, snippets and QR codes begin with, such as `https://feedback.example.com`. Whoever sets ' +
      '`LAHKO_SMTP_URL` sets it too: without it links in mails lead customers nowhere.',
  },
  {
    name: 'LAHKO_TRUST_PROXY',
    preset: '`0`',
    meaning:
      'How many proxies stand in front of Lahko, or their addresses with commas between (`10.0.0.0/8,::1`). Only ' +
      'then are `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host` believed.',
  },
  {
    name: 'LAHKO_LOG',
    preset: '`warn`',
    meaning: `How much is logged, one JSON object a line: ${logLevels.map((level) => `\`${level}\``).join(', ')}.`,
  },
  {
    name: 'LAHKO_METRICS_TOKEN',
    preset: 'only from this machine',
    meaning:
      'What a monitor elsewhere sends to read `/metrics`, as `Authorization: Bearer …`: at least 16 characters. ' +
      'Without it only this machine may.',
  },
  {
    name: 'LAHKO_WORKSPACE',
    preset: 'the first',
    meaning:
      'The workspace that `localhost`, addresses and unknown names serve, by its address, such as `acme`. ' +
      '`npm start -- --workspace acme` says the same.',
  },
  {
    name: 'LAHKO_SEED',
    preset: 'nothing',
    meaning: '`demo` fills an empty installation with the demo at the start. `npm run dev` sets it.',
  },
  ...mailSettings,
] as const satisfies readonly Setting[]

type SettingName = (typeof settings)[number]['name']

/**
 * Reads and checks the environment. An empty variable counts as one that is not set.
 *
 * @throws {BadSetting} at the first variable that is not usable
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const get = (name: SettingName) => environment[name]?.trim() || undefined
  return Object.freeze({
    port: readPort(get('PORT')),
    host: readHost(get('HOST')),
    dataFolder: readFolder(get('LAHKO_DATA')),
    databaseUrl: readDatabaseUrl(get('DATABASE_URL')),
    signup: oneOf('LAHKO_SIGNUP', get('LAHKO_SIGNUP') ?? 'first', ['first', 'open']),
    baseUrl: readBaseUrl(get('LAHKO_BASE_URL')),
    logLevel: oneOf('LAHKO_LOG', get('LAHKO_LOG') ?? 'warn', logLevels),
    trustProxy: readTrustProxy(get('LAHKO_TRUST_PROXY')),
    metricsToken: readMetricsToken(get('LAHKO_METRICS_TOKEN')),
    workspace: readSlug(get('LAHKO_WORKSPACE')),
    seed: get('LAHKO_SEED') === undefined ? undefined : oneOf('LAHKO_SEED', get('LAHKO_SEED') ?? '', ['demo']),
    mail: readMail(get),
  })
}

function readPort(value = '3000'): number {
  const port = Number(value)
  if (/^\d{1,5}$/.test(value) && port <= 65_535) return port
  throw new BadSetting('PORT', value, 'it must be a whole number from 0 to 65535')
}

function readHost(value: string | undefined): string | undefined {
  if (value === undefined || value === '*') return undefined
  const host = value.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host)) return host
  throw new BadSetting('HOST', value, 'it must be an address such as 127.0.0.1 or ::1, or a name such as localhost')
}

function readFolder(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  if (value.includes('\0')) throw new BadSetting('LAHKO_DATA', value, 'it must be the path of a folder')
  return isAbsolute(value) ? resolve(value) : join(house, value)
}

// The value is not repeated in the message: it holds a password.
function readDatabaseUrl(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const url = URL.parse(value)
  if (url && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1) return value
  throw new BadSetting('DATABASE_URL', '…', 'it must look like postgresql://user:password@host:5432/database')
}

function readBaseUrl(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const url = URL.parse(value)
  if (url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash) return url.origin
  throw new BadSetting('LAHKO_BASE_URL', value, 'it must be an address without a path, such as https://example.com')
}

// The value is not repeated in the message: it is a secret.
function readMetricsToken(value: string | undefined): string | undefined {
  if (value === undefined || /^[\x21-\x7e]{16,}$/.test(value)) return value
  throw new BadSetting('LAHKO_METRICS_TOKEN', '…', 'it must be 16 visible ASCII characters or more')
}

function readSlug(value: string | undefined): string | undefined {
  if (value === undefined || /^[a-z0-9][a-z0-9-]*$/.test(value)) return value
  throw new BadSetting('LAHKO_WORKSPACE', value, 'it must be the address of a workspace, such as acme')
}

function readTrustProxy(value = '0'): Config['trustProxy'] {
  if (/^\d$/.test(value)) return Number(value) || false
  const addresses = value.split(',').map((address) => address.trim())
  if (addresses.every(isNetwork)) return Object.freeze(addresses)
  throw new BadSetting('LAHKO_TRUST_PROXY', value, 'it must be a number of proxies (0 to 9) or their addresses')
}

function isNetwork(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/')
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return rest.length === 0 && longest > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest))
}

function oneOf<const T extends string>(name: SettingName, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value)
  if (found !== undefined) return found
  throw new BadSetting(name, value, `it must be ${allowed.join(' or ')}`)
}

/** The reference page `docs/operate/settings.md`. */
export function settingsPage(): string {
  const rows = settings.map(({ name, preset, meaning }) => `| \`${name}\` | ${preset} | ${meaning} |`)
  return `# Settings

Lahko reads these variables of the environment once, when it starts. All of them are optional. A value that it cannot
use stops the start with a sentence that names the variable.

| variable | without it | what it does |
|---|---|---|
${rows.join('\n')}

This page is made from \`apps/server/src/config.ts\`: \`npx node apps/server/src/config.ts\` writes it anew.
`
}

if (import.meta.main) {
  const { writeFileSync } = await import('node:fs')
  writeFileSync(join(house, 'docs', 'operate', 'settings.md'), settingsPage())
}
