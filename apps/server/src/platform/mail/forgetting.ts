import type { House } from '../house.ts'
import type { Task } from '../jobs.ts'
import { forgetTexts } from './mails.queries.ts'

const keptMs = 30 * 86_400_000
const mostAtOnce = 1_000

/** What was written in a mail is kept for a month; that it was sent, to whom and what the server said stays. */
export function forgetMailsTask({ store }: House): Task {
  return {
    name: 'forget_mails',
    daily: true,
    async run(scope, _, stopping) {
      const forget = () => store.write(scope, (tx) => forgetTexts(tx, new Date(tx.now.getTime() - keptMs), mostAtOnce))
      while (!stopping.aborted && (await forget()) === mostAtOnce) continue
    },
  }
}
