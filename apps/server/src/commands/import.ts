import { CommandRefused, type Command } from './command.ts'

/** `lahko import` */
export const importAnswers: Command = {
  help: 'lahko import',
  run() {
    throw new CommandRefused('Importing is not built yet.')
  },
}
