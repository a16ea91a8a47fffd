import { languages, type Language } from '@lahko/contract/values'
import { makeDemo, readDemoProgress, removeDemo } from '#portal'
import { buildDemo } from '#demo'
import { system } from '../platform/store.ts'
import { readArguments, WrongUsage, type Command } from './command.ts'
import { withHouse } from './opening.ts'

const help = `lahko demo [--language en|sl|nb] [--remove]
Fills a workspace of its own with one plausible shop: customers, touchpoints and about 10,000 answers in three
languages over the last 26 weeks, all through the product's own verbs. It is clearly marked, and stands beside your own
workspaces without touching them.

  --language   what the shop's topics and channels are called in; English unless said otherwise
  --remove     removes the demo with all that is in it

Works while Lahko runs and while it does not. Run again, it changes nothing.

Examples
  lahko demo
  lahko demo --remove`

/** `lahko demo` */
export const demo: Command = {
  help,
  async run(args, terminal) {
    const { values, positionals } = readArguments(args, {
      language: { type: 'string', default: 'en' },
      remove: { type: 'boolean' },
    })
    if (positionals[0] !== undefined)
      throw new WrongUsage(`"${positionals[0]}" is one too many: lahko demo takes flags only.`)
    const language = languages.find((one) => one === values.language)
    if (!language) throw new WrongUsage(`--language is "${values.language}"; it takes ${languages.join(', ')}.`)
    if (values.remove) return remove(terminal)
    await fill(terminal, language)
  },
}

async function fill(terminal: Parameters<Command['run']>[1], language: Language): Promise<void> {
  const done = await withHouse(terminal, 'lahko demo', async (house) => {
    const workspaceId = await makeDemo(house, system, language)
    const onProgress = (answers: number, total: number) => {
      if (terminal.stderr.isTTY) terminal.stderr.write(`\r${answers} of ${total} answers `)
    }
    await buildDemo(house, { workspaceId, actor: system }, { onProgress })
    return (await readDemoProgress(house)).done
  })
  if (terminal.stderr.isTTY) terminal.stderr.write('\r')
  terminal.stdout.write(`The demo shop is there, with ${done} answers. Start Lahko and choose "Look at the demo".\n`)
}

async function remove(terminal: Parameters<Command['run']>[1]): Promise<void> {
  await withHouse(terminal, 'lahko demo --remove', (house) => removeDemo(house, 'operator'))
  terminal.stdout.write('The demo is removed.\n')
}
