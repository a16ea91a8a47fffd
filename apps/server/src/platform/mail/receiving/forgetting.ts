import type { House } from '../../house.ts'
import type { Task } from '../../jobs.ts'
import { forgetReturnedMails } from './returned-mails.queries.ts'

const keptMs = 30 * 86_400_000
const mostAtOnce = 200

/** A message that came in is kept for a month as it came; what a reply says stays with its invitation. */
export function forgetReturnedMailsTask({ store }: House): Task {
  return {
    name: 'forget_returned_mails',
    daily: true,
    async run(scope, _, stopping) {
      const forget = () =>
        store.write(scope, (tx) => forgetReturnedMails(tx, new Date(tx.now.getTime() - keptMs), mostAtOnce))
      while (!stopping.aborted && (await forget()) === mostAtOnce) continue
    },
  }
}
