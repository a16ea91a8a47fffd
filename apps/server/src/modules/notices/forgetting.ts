import type { House } from '#platform/house.ts'
import { firstIdAt } from '#platform/identifiers.ts'
import type { Task } from '#platform/jobs.ts'
import { deleteMailsBefore } from './notice-mails.queries.ts'
import { deleteNoticesBefore } from './notices.queries.ts'

const dayMs = 86_400_000
const noticesKeptMs = 90 * dayMs
/** Longer than the text of a mail, so that what quotes an answer goes with it. */
const mailsKeptMs = 40 * dayMs
const mostAtOnce = 1_000

/** Notices are kept for 90 days. */
export function forgetNoticesTask({ store }: House): Task {
  return {
    name: 'forget_notices',
    daily: true,
    async run(scope, _, stopping) {
      for (const { forget, keptMs } of [
        { forget: deleteNoticesBefore, keptMs: noticesKeptMs },
        { forget: deleteMailsBefore, keptMs: mailsKeptMs },
      ]) {
        const step = () => store.write(scope, (tx) => forget(tx, firstIdAt(tx.now.getTime() - keptMs), mostAtOnce))
        while (!stopping.aborted && (await step()) === mostAtOnce) continue
      }
    },
  }
}
