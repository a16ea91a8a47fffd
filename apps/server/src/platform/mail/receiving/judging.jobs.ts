import { emit, wake } from '../../events.ts'
import type { House } from '../../house.ts'
import { enqueue, type Task } from '../../jobs.ts'
import { Problem } from '../../problem.ts'
import type { Tx } from '../../store.ts'
import { kindOfMail, type Returned } from '../kinds.ts'
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
      // No later attempt would read it either.
      const mail = await readMail(raw).catch(() => undefined)
      const judgement: Judgement = mail ? judge(mail, own) : { kind: 'set_aside', reason: 'unreadable' }
      await store.write(scope, async (tx) => {
        if (!(await lockUnread(tx, id))) return
        const about = await findNamed(tx, raw)
        await settle(tx, { id, sender: mail?.sender, subject: mail?.subject }, judgement, about)
      })
    },
    async giveUp(tx, payload) {
      const id = String(payload['returnedMailId'])
      if (await lockUnread(tx, id)) await updateVerdict(tx, id, { kind: 'set_aside', reason: 'unreadable' })
    },
  }
}

/** Judges a message that was set aside once more. @throws Problem conflict */
export async function judgeAgain(tx: Tx, id: string): Promise<void> {
  if (!(await updateUnread(tx, id))) throw new Problem('conflict', 'platform.mail_not_set_aside')
  await enqueue(tx, judgeTaskName, { returnedMailId: id }, `${judgeTaskName}:${id}`)
}

/** The first mail that it names and has the right to name; else why there is none. */
async function findNamed(tx: Tx, raw: Buffer): Promise<NamedMailRow | SetAsideReason> {
  const named = mailsNamedIn(raw)
  const mails = new Map(
    (
      await listMailsById(
        tx,
        named.map(({ id }) => id),
      )
    ).map((mail) => [mail.id, mail]),
  )
  const key = await getReturnKey(tx)
  const found = named.find((one) => mails.has(one.id) && isProven(one, key))
  if (found) return mails.get(found.id)!
  return named.some(({ tag }) => tag !== undefined) ? 'forged' : 'about_no_mail'
}

type Head = { id: string; sender?: string; subject?: string }

async function settle(tx: Tx, head: Head, judgement: Judgement, about: NamedMailRow | SetAsideReason): Promise<void> {
  const { id, ...seen } = head
  const mail = typeof about === 'string' ? undefined : about
  if (judgement.kind === 'set_aside' || typeof about === 'string') {
    const reason = judgement.kind === 'set_aside' ? judgement.reason : (about as SetAsideReason)
    await updateVerdict(tx, id, { ...seen, kind: 'set_aside', reason, mailId: mail?.id })
  } else {
    await updateVerdict(tx, id, { ...seen, ...judgement, mailId: about.id })
    if (about.private || kindOfMail(about.kind).to === 'members') await forgetWords(tx, id)
    const returned = returnedBy(judgement)
    if (returned) await kindOfMail(about.kind).returned?.(tx, about, returned)
    await emit(tx, { type: 'mail.returned', subjectId: about.id, data: { kind: judgement.kind } })
  }
  await wake(tx, 'mail.returned', id)
}

/** What follows for the subject of the mail; a delay and a note of somebody who is away change nothing. */
function returnedBy(judgement: Judgement): Returned | undefined {
  if (judgement.kind === 'bounce') return { kind: 'bounced', badAddress: judgement.badAddress }
  if (judgement.kind === 'complaint') return { kind: 'complained' }
  return judgement.kind === 'reply' ? { kind: 'replied' } : undefined
}
