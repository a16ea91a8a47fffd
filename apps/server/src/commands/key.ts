import { createKey, listKeys, revokeKey, type ApiKeyRow } from '#accounts'
import { permissions, type Permission } from '@lahko/contract'
import type { House } from '../platform/house.ts'
import type { Scope } from '../platform/store.ts'
import { CommandRefused, onlyOne, readArguments, WrongUsage, type Command, type Terminal } from './command.ts'
import { withHouse, workspaceScope } from './opening.ts'

const help = `lahko key create|list|revoke
API keys: what programs send as "Authorization: Bearer …".

  lahko key create --scope SCOPE [--scope SCOPE …] [--name NAME] [--workspace NAME]
      Makes a key and prints it, this once. Lahko keeps only its hash.
  lahko key list [--workspace NAME]
      Lists the keys: beginning, name, scopes, day made, last used.
  lahko key revoke BEGINNING|ID [--workspace NAME]
      Ends a key at once. BEGINNING is as the list shows it.

  --workspace NAME   the workspace as in its address, such as "demo";
                     without it, the one that localhost serves
  --scope SCOPE      what the key may do; give it as often as needed:
${scopeLines()}

Works while Lahko runs and while it does not. Whoever may read the data folder may do this.

Examples
  lahko key create --workspace demo --scope responses.write
  KEY=$(lahko key create --scope responses.write --scope responses.import --name "Help desk")
  lahko key revoke lahko_x1Y2`

/** `lahko key` */
export const key: Command = {
  help,
  run([action = '', ...args], terminal) {
    if (action === 'create') return create(args, terminal)
    if (action === 'list') return list(args, terminal)
    if (action === 'revoke') return revoke(args, terminal)
    throw new WrongUsage(`"lahko key ${action}" is not a command; there are create, list and revoke.`)
  },
}

async function create(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readArguments(args, {
    workspace: { type: 'string' },
    scope: { type: 'string', multiple: true },
    name: { type: 'string' },
  })
  if (positionals[0] !== undefined)
    throw new WrongUsage(`"${positionals[0]}" stands alone; scopes are given with --scope.`)
  const scopes = readScopes(values.scope ?? [])
  const name = (values.name ?? 'Made with lahko key create').trim().slice(0, 80)
  const made = await withHouse(terminal, 'lahko key create', async (house) => {
    const scope = await workspaceScope(house, values.workspace)
    return house.store.write(scope, (tx) => createKey(tx, { name, scopes }))
  })
  terminal.stdout.write(`${made.key}\n`)
  if (terminal.stdout.isTTY) terminal.stderr.write('It is shown this once. Keep it where passwords are kept.\n')
}

async function list(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = readArguments(args, { workspace: { type: 'string' } })
  const rows = await withHouse(terminal, 'lahko key list', async (house) =>
    allKeys(house, await workspaceScope(house, values.workspace)),
  )
  if (rows.length === 0) return void terminal.stderr.write('There is no key. lahko key create makes one.\n')
  const lines = rows.map((row) => [
    row.hint,
    row.name,
    row.scopes.join(' '),
    day(row.created_at),
    row.last_used_at ? day(row.last_used_at) : 'never',
  ])
  terminal.stdout.write(table(['key', 'name', 'scopes', 'made', 'last used'], lines))
}

async function revoke(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readArguments(args, { workspace: { type: 'string' } })
  const wanted = onlyOne(positionals, 'the key to revoke by the beginning that lahko key list shows')
  const row = await withHouse(terminal, 'lahko key revoke', async (house) => {
    const scope = await workspaceScope(house, values.workspace)
    const found = choose(await allKeys(house, scope), wanted)
    await house.store.write(scope, (tx) => revokeKey(tx, found.id))
    return found
  })
  terminal.stderr.write(`The key ${row.hint}… (${row.name}) opens nothing any more.\n`)
}

/** A workspace has at most 500 keys. */
function allKeys(house: House, scope: Scope): Promise<ApiKeyRow[]> {
  return house.store.read(scope, (db) => listKeys(db, { limit: 500 }))
}

function choose(rows: readonly ApiKeyRow[], wanted: string): ApiKeyRow {
  const beginning = wanted.replace(/…$/, '')
  const found = rows.filter(
    (row) =>
      row.id === wanted ||
      row.hint === beginning ||
      (beginning.length > row.hint.length && beginning.startsWith(row.hint)),
  )
  if (found.length === 1) return found[0]!
  if (found.length === 0)
    throw new CommandRefused(`No key begins with ${beginning}; lahko key list shows those that there are.`)
  throw new CommandRefused(
    `Several keys begin with ${beginning}; name one by its id: ${found.map((row) => row.id).join(', ')}.`,
  )
}

function readScopes(given: readonly string[]): Permission[] {
  const known = new Set<string>(permissions)
  const wrong = given.find((scope) => !known.has(scope))
  if (wrong !== undefined) throw new WrongUsage(`There is no scope "${wrong}"; there are ${permissions.join(', ')}.`)
  if (given.length === 0) throw new WrongUsage('Say what the key may do, such as --scope responses.write.')
  return given as Permission[]
}

function scopeLines(): string {
  const ends = [0, 5, 9, 13, 17, permissions.length]
  const rows = ends.slice(1).map((end, at) => permissions.slice(ends[at], end))
  return rows.map((row) => `                     ${row.join(', ')}`).join('\n')
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10)
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd()
  return [heads, ...rows].map((cells) => `${line(cells)}\n`).join('')
}
