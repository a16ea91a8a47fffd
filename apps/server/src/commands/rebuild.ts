import { CommandRefused, type Command } from './command.ts'

/** `lahko rebuild` */
export const rebuild: Command = {
  help: 'lahko rebuild',
  run() {
    throw new CommandRefused('Counting anew is not built yet.')
  },
}
