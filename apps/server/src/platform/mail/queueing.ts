import type { MailConfig } from '../../config.ts'
import { Problem } from '../problem.ts'
import type { Tx } from '../store.ts'
import { kindOfMail } from './kinds.ts'
import { insertMails, requeueMail, type NewMail } from './mails.queries.ts'

/**
 * Puts a mail into the outbox, in the verb's own transaction. The same mail queued twice is one mail.
 * @returns its id; undefined when it had been queued before
 */
export async function queueMail(tx: Tx, config: Pick<MailConfig, 'from'>, mail: NewMail): Promise<string | undefined> {
  return (await queueMails(tx, config, [mail]))[0]
}

/** The same of many at once. @returns the ids of those that had not been queued before */
export function queueMails(tx: Tx, { from }: Pick<MailConfig, 'from'>, mails: readonly NewMail[]): Promise<string[]> {
  const addressed = mails.map((mail) => ({ ...mail, toMembers: kindOfMail(mail.kind).to === 'members' }))
  return insertMails(tx, addressed, from?.split('@').at(-1) ?? 'localhost')
}

/** Sends a mail that failed, or of which nobody knows whether it arrived, once more. @throws Problem conflict */
export async function resendMail(tx: Tx, id: string): Promise<void> {
  const mail = await requeueMail(tx, id)
  if (!mail) throw new Problem('conflict', 'platform.mail_not_held_up')
  await kindOfMail(mail.kind).queuedAgain?.(tx, mail.subjectId)
}
