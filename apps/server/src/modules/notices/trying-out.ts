import { noticeKinds, type NoticeKind } from '@lahko/contract/notices'
import { everyMember, getWorkspace, originForMail } from '#accounts'
import { wake } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { mailColour } from '#platform/mail/mail-colour.ts'
import { writePlainMail } from '#platform/mail/plain-mail.ts'
import { sendNow, type MailNow } from '#platform/mail/sending-now.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { insertNotices, lockNotices } from './notices.queries.ts'
import { nextMoment } from './notifying.ts'

/** Each kind by both ways, with some to try again. */
const [mostAtOnce, againAfterMs] = [2 * noticeKinds.length + 8, 60_000]

/** Some tests at once, then one a minute: each may be a mail. */
export function testLimits({ clock }: House): { mayPass(memberId: string): boolean } {
  const known = new Map<string, { left: number; at: number }>()
  return {
    mayPass(memberId) {
      const at = clock.now().getTime()
      const before = known.get(memberId) ?? { left: mostAtOnce, at }
      const left = Math.min(mostAtOnce, before.left + (at - before.at) / againAfterMs)
      known.set(memberId, { left: left >= 1 ? left - 1 : left, at })
      return left >= 1
    },
  }
}

/** Puts one notice on the bell of a member. */
export async function ringOnce(house: House, tx: Tx, memberId: string, of: NoticeKind): Promise<void> {
  await lockNotices(tx)
  const id = uuidv7(tx.now.getTime())
  const about = { kind: 'test', subjectId: id, topicId: id, topic: '', memberId, data: { of } } as const
  const [told] = await insertNotices(tx, [about], await nextMoment(house, tx))
  await wake(tx, 'notice.told', told!.id)
}

/** One mail to a member as mails of this kind come to them, or why none can go. */
export async function testMail(
  house: House,
  tx: Tx,
  memberId: string,
  kind: NoticeKind,
): Promise<MailNow | { says: string }> {
  const member = (await everyMember(tx)).find(({ id }) => id === memberId)
  if (!member) throw new Problem('not_found', 'platform.not_found')
  const { language, email } = member
  if (house.config.mail.smtpUrl === undefined) return { says: words(language, 'notices.test.no_server') }
  const { name, accent_hue: hue, accent_chroma: chroma, kind: workspaceKind } = await getWorkspace(tx)
  if (workspaceKind === 'demo') return { says: words(language, 'notices.test.demo') }
  const app = `${await originForMail(house, tx)}/app`
  const said = words(language, 'notices.test.said', { kind })
  const mail = writePlainMail({
    ...{ language, company: name, colour: mailColour({ hue, chroma }), subject: said, heading: said },
    paragraphs: [words(language, 'notices.test.why')],
    footer: [words(language, 'notices.mail.why'), `${app}/settings/you`],
  })
  return { ...mail, fromName: name, recipient: email }
}

/** Sends it past the outbox, so that whoever waits hears what the server says. */
export async function sendOnce(
  { config }: House,
  mail: MailNow | { says: string },
): Promise<{ arrived: boolean; says: string }> {
  if ('says' in mail) return { arrived: false, says: mail.says }
  const { outcome, reply } = await sendNow(config.mail, mail)
  return { arrived: outcome === 'sent', says: reply }
}
