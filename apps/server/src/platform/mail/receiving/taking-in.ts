import { createHash } from 'node:crypto'
import { wake } from '../../events.ts'
import type { House } from '../../house.ts'
import { enqueue } from '../../jobs.ts'
import { system, type Db, type Tx } from '../../store.ts'
import { judgeTaskName } from './judging.jobs.ts'
import { readMail } from './reading.ts'
import {
  countAboutNoMail,
  findDefaultWorkspace,
  findWorkspaceOfMail,
  getReturnKey,
  insertReturnedMail,
  type IncomingMail,
} from './returned-mails.queries.ts'
import { isProven, mailsNamedIn } from './return-tokens.ts'

/** So much of each message is kept, in bytes: all that can be judged, and a reply with a small picture. */
export const mostKept = 1_048_576
const bodyCompared = 65_536

/** So much of what names no mail of ours, which anybody may send: enough to see what it is. */
const mostOfStrangers = 16_384
/** So many of those a workspace keeps in a day: 16 MB. */
const mostStrangersADay = 1_000
const dayMs = 86_400_000

export type TakenIn = 'taken' | 'too_many' | 'no_workspace'

/**
 * Keeps a message that came in, and has it judged. The same one twice is one, by whichever way it comes.
 * @param raw may be cut after `mostKept` bytes; `size` is of all of it
 * @returns whether it was kept; `too_many` when it names no mail of ours, and enough such came within a day
 */
export async function takeIn(house: House, raw: Buffer, size = raw.length): Promise<TakenIn> {
  const own = await workspaceOfNamed(house, raw)
  const workspaceId = own ?? (await findDefaultWorkspace(house.store, house.config.workspace))
  if (workspaceId === undefined) return 'no_workspace'
  const mail = await describe(raw.subarray(0, own === undefined ? mostOfStrangers : mostKept), size)
  return house.store.write({ workspaceId, actor: system }, async (tx) => {
    if (own === undefined && (await areManyStrangers(tx))) return 'too_many'
    const id = await insertReturnedMail(tx, mail)
    if (id === undefined) return 'taken'
    await enqueue(tx, judgeTaskName, { returnedMailId: id }, `${judgeTaskName}:${id}`)
    await wake(tx, 'mail.returned', id)
    return 'taken'
  })
}

async function areManyStrangers(tx: Tx): Promise<boolean> {
  const since = new Date(tx.now.getTime() - dayMs)
  return (await countAboutNoMail(tx, since, mostStrangersADay)) >= mostStrangersADay
}

/** Of the mail that it names and has the right to name. */
async function workspaceOfNamed({ store }: House, raw: Buffer): Promise<string | undefined> {
  for (const named of mailsNamedIn(raw)) {
    const workspaceId = await findWorkspaceOfMail(store, named.id)
    const proven = (db: Db) => getReturnKey(db).then((key) => isProven(named, key))
    if (workspaceId && (await store.read({ workspaceId, actor: system }, proven))) return workspaceId
  }
  return undefined
}

/** What cannot be taken apart is kept all the same; judging it says so. */
async function describe(raw: Buffer, size: number): Promise<IncomingMail> {
  const read = await readMail(raw).catch(() => undefined)
  const { sender = '', subject = '' } = read ?? {}
  return { fingerprint: fingerprintOf(raw, read?.header), raw, size, sender, subject }
}

/** Servers on the way add headers of their own, and change how lines end. */
function fingerprintOf(raw: Buffer, header: ((name: string) => string) | undefined): Buffer {
  const text = raw.toString('latin1').replaceAll('\r\n', '\n')
  const split = text.indexOf('\n\n')
  const body = header && split >= 0 ? text.slice(split, split + bodyCompared).trim() : text
  const names = ['message-id', 'date', 'from', 'to', 'subject', 'in-reply-to']
  const head = names.map((name) => `${name}: ${header?.(name) ?? ''}`)
  return createHash('sha256')
    .update([...head, body].join('\n'))
    .digest()
}
