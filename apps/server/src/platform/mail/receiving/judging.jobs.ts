import { emit, wake } from '../../events.ts'
import type { House } from '../../house.ts'
import { enqueue, type Task } from '../../jobs.ts'
import { Problem } from '../../problem.ts'
import type { Db, Tx } from '../../store.ts'
import { kindOfMail, type Returned } from '../kinds.ts'
import { holdsEntryLink } from './entry-links.ts'
import { judge, type Judgement, type SetAsideReason } from './judging.ts'
import { readMail } from './reading.ts'
import {
  findRaw,
  forgetWords,
  getReturnKey,
  listMailsById,
  lockUnread,
  updateUnread,
  updateVerdict,
  type NamedMailRow,
} from './returned-mails.queries.ts'
import { isProven, mailsNamedIn } from './return-tokens.ts'

export const judgeTaskName = 'judge_returned_mail'

/** Judges a message that came in, once, and lets its consequences happen in the same transaction. */
export function judgeTask({ store, config }: House): Task {
  const own = [config.mail.from, config.mail.returns?.address].flatMap((one) => one?.toLowerCase() ?? [])
  return {
    name: judgeTaskName,
    async run(scope, payload) {
      const id = String(payload['returnedMailId'])
      const raw = await store.read(scope, (db) => findRaw(db, id))
      if (!raw) return
      const named = await store.read(scope, (db) => findNamed(db, raw))
      // What names no mail of ours may come from anybody: no work is put into it.
      const found = typeof named === 'string' ? undefined : await takeApart(raw, own)
      await store.write(scope, async (tx) => {
        if (!(await lockUnread(tx, id))) return
        if (found) await settle(tx, { id, raw }, found, await findNamed(tx, raw))
        else await setAside(tx, { id, raw }, named)
        await wake(tx, 'mail.returned', id)
      })
    },
    async giveUp(tx, payload) {
      const id = String(payload['returnedMailId'])
      if (!(await lockUnread(tx, id))) return
      const raw = (await findRaw(tx, id)) ?? Buffer.of()
      await setAside(tx, { id, raw }, await findNamed(tx, raw))
    },
  }
}

/** Judges a message that was set aside once more. @throws Problem conflict */
export async function judgeAgain(tx: Tx, id: string): Promise<void> {
  if (!(await updateUnread(tx, id))) throw new Problem('conflict', 'platform.mail_not_set_aside')
  await enqueue(tx, judgeTaskName, { returnedMailId: id }, `${judgeTaskName}:${id}`)
}

/** The first mail that it names and has the right to name; else why there is none. */
async function findNamed(db: Db, raw: Buffer): Promise<NamedMailRow | SetAsideReason> {
  const named = mailsNamedIn(raw)
  const mails = new Map(
    (
      await listMailsById(
        db,
        named.map(({ id }) => id),
      )
    ).map((mail) => [mail.id, mail]),
  )
  const key = await getReturnKey(db)
  const found = named.find((one) => mails.has(one.id) && isProven(one, key))
  if (found) return mails.get(found.id)!
  return named.some(({ tag }) => tag !== undefined) ? 'forged' : 'about_no_mail'
}

type Incoming = { id: string; raw: Buffer }
type Found = { sender?: string; subject?: string; judgement: Judgement }

async function takeApart(raw: Buffer, own: readonly string[]): Promise<Found> {
  // No later attempt would read it either.
  const mail = await readMail(raw).catch(() => undefined)
  if (!mail) return { judgement: { kind: 'set_aside', reason: 'unreadable' } }
  return { sender: mail.sender, subject: mail.subject, judgement: judge(mail, own) }
}

async function settle(
  tx: Tx,
  incoming: Incoming,
  { judgement, ...seen }: Found,
  about: NamedMailRow | SetAsideReason,
): Promise<void> {
  if (judgement.kind === 'set_aside' || typeof about === 'string') {
    return setAside(tx, incoming, about, judgement.kind === 'set_aside' ? judgement.reason : undefined, seen)
  }
  await updateVerdict(tx, incoming.id, { ...seen, ...judgement, mailId: about.id })
  await keepNoEntry(tx, incoming, about)
  const returned = returnedBy(judgement)
  if (returned) await kindOfMail(about.kind).returned?.(tx, about, returned)
  await emit(tx, { type: 'mail.returned', subjectId: about.id, data: { kind: judgement.kind } })
}

/** @param about why it is about no mail; of one that is about a mail, `reason` says why nothing follows */
async function setAside(
  tx: Tx,
  incoming: Incoming,
  about: NamedMailRow | SetAsideReason,
  reason: SetAsideReason = typeof about === 'string' ? about : 'unreadable',
  seen: Pick<Found, 'sender' | 'subject'> = {},
): Promise<void> {
  const mailId = typeof about === 'string' ? undefined : about.id
  await updateVerdict(tx, incoming.id, { ...seen, kind: 'set_aside', reason, mailId })
  await keepNoEntry(tx, incoming, about)
}

/** What lets its reader in, or is for members alone, is nobody else's to read, whatever became of it. */
async function keepNoEntry(tx: Tx, { id, raw }: Incoming, about: NamedMailRow | SetAsideReason): Promise<void> {
  const closed = typeof about !== 'string' && (about.private || kindOfMail(about.kind).to === 'members')
  if (closed || holdsEntryLink(raw)) await forgetWords(tx, id)
}

/** What follows for the subject of the mail; a delay and a note of somebody who is away change nothing. */
function returnedBy(judgement: Judgement): Returned | undefined {
  if (judgement.kind === 'bounce') {
    const { badAddress, status, says, recipients } = judgement
    return { kind: 'bounced', badAddress, status, says, recipients }
  }
  if (judgement.kind === 'complaint') return { kind: 'complained' }
  return judgement.kind === 'reply' ? { kind: 'replied' } : undefined
}
