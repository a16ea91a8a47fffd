import { createHash } from 'node:crypto'
import { invalidField, Problem } from '#platform/problem.ts'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import type { Actor, Tx } from '#platform/store.ts'
import { deleteWriteKeys, findWritten, insertWritten, lockWriteKey } from './replies.queries.ts'

const keptMs = 7 * 86_400_000

/**
 * Writes a message once for each `Idempotency-Key` of whoever writes, however often the request arrives.
 * @param content what was asked for: the same key with other content is a mistake
 * @returns the id of the message, which may have been written before
 * @throws Problem invalid for a key of other characters; conflict `replying.key_used`
 */
export async function writeOnce(
  tx: Tx,
  header: string | string[] | undefined,
  content: unknown,
  write: () => Promise<string>,
): Promise<string> {
  if (header === undefined) return write()
  if (typeof header !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(header)) {
    throw invalidField('/headers/idempotency-key', 'replying.bad_key')
  }
  const key = digest(`${writerOf(tx.actor)} ${header}`)
  await lockWriteKey(tx, key)
  const hash = digest(JSON.stringify(content))
  const known = await findWritten(tx, key)
  if (known && !known.content.equals(hash)) throw new Problem('conflict', 'replying.key_used')
  if (known) return known.messageId
  const id = await write()
  await insertWritten(tx, key, hash, id)
  return id
}

/** Forgets keys that nobody sends again. */
export function forgetWriteKeysTask({ store }: House): Task {
  return {
    name: 'forget_write_keys',
    daily: true,
    run: (scope) => store.write(scope, (tx) => deleteWriteKeys(tx, new Date(tx.now.getTime() - keptMs))),
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function writerOf(actor: Actor): string {
  if (actor.kind === 'member') return actor.memberId
  return actor.kind === 'key' ? actor.keyId : actor.kind
}
