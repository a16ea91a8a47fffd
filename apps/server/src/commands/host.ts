import { addHost, listHosts, ownHost, removeHost } from '#accounts'
import { CommandRefused, onlyOne, readArguments, WrongUsage, type Command, type Terminal } from './command.ts'
import { withHouse, workspaceScope } from './opening.ts'

const help = `lahko host add|list|remove
The names under which a workspace is reached, such as feedback.example.com: its links, codes and mails begin with them.

  lahko host add NAME [--workspace NAME]
      Gives the name to the workspace. In your DNS it leads to this machine, or to the proxy in front of it.
  lahko host list [--workspace NAME]
      Lists the workspace's names. With several, links begin with the first.
  lahko host remove NAME [--workspace NAME]
      Takes the name away. Links that were handed out with it lead nowhere any more.

  --workspace NAME   the workspace as in its address, such as "demo";
                     without it, the one that localhost serves

With LAHKO_BASE_URL=https://feedback.example.com every workspace has a name without this command: the first that one,
any other its address in front of it, such as acme.feedback.example.com (let *.feedback.example.com lead here too).

Works while Lahko runs and while it does not. Whoever may read the data folder may do this.

Examples
  lahko host add feedback.example.com
  lahko host add help.acme.com --workspace acme`

/** `lahko host` */
export const host: Command = {
  help,
  run([action = '', ...args], terminal) {
    if (action === 'add') return add(args, terminal)
    if (action === 'list') return list(args, terminal)
    if (action === 'remove') return remove(args, terminal)
    throw new WrongUsage(`"lahko host ${action}" is not a command; there are add, list and remove.`)
  },
}

async function add(args: readonly string[], terminal: Terminal): Promise<void> {
  const { name, workspace } = readOne(args, 'the host to add, such as feedback.example.com')
  const added = await withHouse(terminal, 'lahko host add', async (house) => {
    const host = ownHost(name, house.config)
    if (host === undefined)
      throw new WrongUsage(`"${name}" is no name that one workspace can have; name one such as feedback.example.com.`)
    return house.store.write(await workspaceScope(house, workspace), async (tx) => {
      await addHost(tx, host)
      return { host, first: (await listHosts(tx))[0]! }
    })
  })
  const begin = added.first === added.host ? 'it' : `${added.first}, the first of its names`
  terminal.stderr.write(`${added.host} leads to the workspace, and its links begin with ${begin}.\n`)
}

async function list(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readArguments(args, { workspace: { type: 'string' } })
  if (positionals[0] !== undefined) throw new WrongUsage(`"${positionals[0]}" is one too many.`)
  const hosts = await withHouse(terminal, 'lahko host list', async (house) =>
    house.store.read(await workspaceScope(house, values.workspace), listHosts),
  )
  if (hosts.length === 0) terminal.stderr.write('The workspace has no name of its own. lahko host add gives it one.\n')
  for (const host of hosts) terminal.stdout.write(`${host}\n`)
}

async function remove(args: readonly string[], terminal: Terminal): Promise<void> {
  const { name, workspace } = readOne(args, 'the host to remove, as lahko host list shows it')
  await withHouse(terminal, 'lahko host remove', async (house) => {
    const host = ownHost(name, { baseUrl: undefined }) ?? name
    const removed = await house.store.write(await workspaceScope(house, workspace), (tx) => removeHost(tx, host))
    if (!removed) throw new CommandRefused(`The workspace has no host ${host}; lahko host list shows those it has.`)
  })
  terminal.stderr.write(`${name} leads to the workspace no more.\n`)
}

function readOne(args: readonly string[], what: string): { name: string; workspace: string | undefined } {
  const { values, positionals } = readArguments(args, { workspace: { type: 'string' } })
  return { name: onlyOne(positionals, what), workspace: values.workspace }
}
