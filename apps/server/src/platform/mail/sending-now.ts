import type { MailConfig } from '../../config.ts'
import { uuidv7 } from '../identifiers.ts'
import type { WrittenMail } from './frame.ts'
import { openTransport, type Delivery } from './transport.ts'

/** A mail that is sent while somebody waits. */
export type MailNow = WrittenMail & { fromName: string; recipient: string }

/**
 * Hands a mail to the configured server at once, past the outbox, and says what became of it. It is neither kept nor
 * tried again: for tests of the way alone.
 */
export async function sendNow(config: MailConfig, mail: MailNow): Promise<Delivery> {
  // Nobody waits for its return.
  const transport = openTransport({ ...config, returns: undefined })
  const id = uuidv7(Date.now())
  const domain = mail.recipient.split('@').at(-1)!
  try {
    return await transport.send({
      ...{
        id,
        kind: 'test',
        subjectId: id,
        number: 0,
        domain,
        letter: null,
        attempts: 0,
        hinderedSince: null,
        expiresAt: null,
      },
      ...{ messageId: `<${id}@${config.from?.split('@').at(-1) ?? 'localhost'}>`, returnKey: Buffer.alloc(0) },
      ...mail,
    })
  } finally {
    transport.close()
  }
}
