import { listWaiting, updateJudged } from '../modules/tickets/incoming.queries.ts'
import { judgeIncomingTask } from '../modules/tickets/judging-mail.jobs.ts'
import { takeMailIn } from '../modules/tickets/taking-mail-in.ts'
import type { Scope } from '../platform/store.ts'
import type { TestHouse } from '../platform/testing/house.ts'

const typed = 'Content-Type: text/html'
const body = '<p>t</p><img src="https://pictures.example/x.png" alt="x">'

/** Two mails that came in: one, with a picture of another server, is in a ticket, the other was set aside. */
export async function receiveMails(house: TestHouse, scope: Scope, mailboxId: string): Promise<void> {
  const arrive = (subject: string) =>
    house.store.write(scope, (tx) =>
      takeMailIn(tx, mailboxId, [
        {
          raw: Buffer.from(`From: nives@mail.example\r\nSubject: ${subject}\r\n${typed}\r\n\r\n${body}\r\n`),
          receivedAt: tx.now,
        },
      ]),
    )
  await arrive('kept')
  await judgeIncomingTask(house).run(scope, { mailboxId }, new AbortController().signal)
  await arrive('aside')
  await house.store.write(scope, async (tx) => {
    const [waiting] = await listWaiting(tx, mailboxId, { most: 1, bytes: 1_000_000 })
    await updateJudged(tx, [{ id: waiting!.id, outcome: 'set_aside', reason: 'failed' }])
  })
}
