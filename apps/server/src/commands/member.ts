import { setLostPassword } from '#accounts'
import { askPassword } from './asking.ts'
import { CommandRefused, onlyOne, readArguments, WrongUsage, type Command } from './command.ts'
import { withHouse } from './opening.ts'

const help = `lahko member password ADDRESS
Sets the password of a member who lost it.

Asks for the new password twice, without showing it; when standard input is not a terminal, its first line is taken.
A password has at least 10 characters and is none that others would guess. All sessions of the member end.

Works while Lahko runs and while it does not. Whoever may read the data folder may do this.

Examples
  lahko member password ana@example.com
  pwgen 20 1 | tee new-password | lahko member password ana@example.com`

/** `lahko member` */
export const member: Command = {
  help,
  async run([action = '', ...args], terminal) {
    if (action !== 'password')
      throw new WrongUsage(`"lahko member ${action}" is not a command; there is password ADDRESS.`)
    const email = onlyOne(readArguments(args, {}).positionals, 'the e-mail address of the member').trim().toLowerCase()
    const password = await askPassword(terminal)
    const found = await withHouse(terminal, 'lahko member password', (house) => setLostPassword(house, email, password))
    if (!found) throw new CommandRefused(`No member has the e-mail address ${email}.`)
    terminal.stderr.write(`${email} has a new password, and is signed out everywhere.\n`)
  },
}
