import type { MailboxNoticeData } from '@lahko/contract/notices'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import { isLasting } from '#platform/mail/backing-off.ts'
import { findHindrance } from '#platform/mail/mails.queries.ts'
import type { Tx } from '#platform/store.ts'
import { notify, retractAbout } from './notifying.ts'

export const hinderedTask = 'tell_of_outage'
export const flowingTask = 'tell_that_mail_leaves'

/** That no mail leaves at all is told at the bell alone, since no mail can tell it, and taken back when it is over. */
export function outboxTasks(house: House): Task[] {
  return [
    { name: hinderedTask, run: (scope) => house.store.write(scope, (tx) => tellOfOutage(house, tx)) },
    {
      name: flowingTask,
      run: (scope) => house.store.write(scope, (tx) => retractAbout(tx, 'mailbox_failing', tx.workspaceId)),
    },
  ]
}

async function tellOfOutage(house: House, tx: Tx): Promise<void> {
  const hindrance = await findHindrance(tx)
  if (!hindrance || !isLasting(hindrance.since, tx.now)) return
  const { workspaceId } = tx
  const data: MailboxNoticeData = { mailboxId: null, reason: 'outbox' }
  const topic = house.config.mail.from ?? ''
  // By the same subject it is told once an outage, however many processes notice it.
  await notify(house, tx, [{ kind: 'mailbox_failing', subjectId: workspaceId, topicId: workspaceId, topic, data }])
}
