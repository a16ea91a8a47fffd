import { makeSignUpLink, noWorkspace } from '#accounts'
import { system } from '../platform/store.ts'
import { readArguments, WrongUsage, type Command } from './command.ts'
import { withHouse } from './opening.ts'

const help = `lahko signup
Prints a link with which somebody can make one more workspace, valid once and for seven days.

Sign-up in the browser is open until the first account exists; after that it takes such a link, unless
LAHKO_SIGNUP=open. The link begins with LAHKO_BASE_URL, else with http://localhost and the port.

Works while Lahko runs and while it does not. Whoever may read the data folder may do this.

Example
  lahko signup`

/** `lahko signup` */
export const signup: Command = {
  help,
  async run(args, terminal) {
    const { positionals } = readArguments(args, {})
    if (positionals[0] !== undefined)
      throw new WrongUsage(`lahko signup takes nothing after it, and there is "${positionals[0]}".`)
    const url = await withHouse(terminal, 'lahko signup', async ({ store, config }) => {
      const { token } = await store.write({ workspaceId: noWorkspace, actor: system }, makeSignUpLink)
      return `${config.baseUrl ?? `http://localhost:${config.port}`}/app/start?token=${token}`
    })
    terminal.stdout.write(`${url}\n`)
  },
}
