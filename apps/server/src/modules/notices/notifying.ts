import type { NoticeKind, NoticeRules } from '@lahko/contract/notices'
import type { Language } from '@lahko/contract/values'
import { everyMember, getWorkspace, originForMail, type MemberRow, type WorkspaceRow } from '#accounts'
import { wake } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { mailColour } from '#platform/mail/mail-colour.ts'
import { removeMails } from '#platform/mail/mails.queries.ts'
import { writePlainMail, type PlainMail } from '#platform/mail/plain-mail.ts'
import { queueMail } from '#platform/mail/queueing.ts'
import type { Tx } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { collect, countMailed, deleteMailsAbout, insertNoticeMail, mailedKey } from './notice-mails.queries.ts'
import { listMuting } from './mutes.queries.ts'
import {
  deleteNotices,
  deleteNoticesAbout,
  findNewestAt,
  insertNotices,
  lockNotices,
  updateNotices,
  type NewNotice,
} from './notices.queries.ts'
import { mayBeTold } from './readers.ts'
import { rulesAmong } from './rules.ts'
import { listSettings, type SettingsRow } from './settings.queries.ts'

/** What a mail says in its reader's language; the frame is ours. */
export type NoticeMail = Pick<PlainMail, 'subject' | 'heading' | 'paragraphs' | 'button' | 'figure' | 'lead'> & {
  answers?: Answers
}
/** Where an answer to a mail goes, and what knows it there: an id that stands in Message-ID and References. */
export type Answers = { address: string; reference: string; headers: Readonly<Record<string, string>> }
/** Who reads a mail, and what links to the workspace begin with, such as `https://feedback.example.com/app`. */
export type MailReader = { memberId: string; language: Language; app: string }
export type News = NewNotice & {
  kind: NoticeKind
  /** The mail at once; undefined sends none. */
  mail?: (reader: MailReader) => NoticeMail
  /** Whose words the mail quotes besides those of the subject; they go when these are erased. */
  quotes?: readonly string[]
}

type Data = Readonly<Record<string, unknown>>
export type WorthMail = (before: Data, now: Data) => boolean

export const mailKind = 'notice'
const mostAnHour = 10
const hourMs = 3_600_000

/**
 * Tells members something: at the bell, and by a mail at once where the workspace's rule and the member want it, all in
 * the transaction of whoever tells it. Told twice it is told once. A member gets at most ten such mails of a kind in an
 * hour; the tenth says that the rest is told in one, and stands at the bell.
 * @returns how much of it was new
 */
export async function notify(house: House, tx: Tx, news: readonly News[]): Promise<number> {
  if (news.length === 0) return 0
  await lockNotices(tx)
  const told = await insertNotices(tx, news, await nextMoment(house, tx))
  if (told.length === 0) return 0
  await mailAtOnce(
    house,
    tx,
    told.map(({ place }) => news[place]!),
  )
  await wake(tx, 'notice.told', told.at(-1)!.id)
  return told.length
}

/**
 * What was told stands corrected at the bell; what was not told stays untold. No bell rings again, and a mail goes out
 * once more only where that is worth one.
 */
export async function correct(house: House, tx: Tx, news: readonly News[], worthMail: WorthMail): Promise<void> {
  if (news.length === 0) return
  await lockNotices(tx)
  const changed = await updateNotices(tx, news)
  if (changed.length === 0) return
  const worth = changed.filter(({ place, before }) => worthMail(before, news[place]!.data))
  await mailAtOnce(
    house,
    tx,
    worth.map(({ place }) => news[place]!),
  )
  await wake(tx, 'notice.told', changed[0]!.id)
}

/**
 * A moment after all that was told before. Whoever waited for the lock began earlier, and clocks of several processes
 * differ: with an earlier id a notice would count as seen before it came.
 */
export async function nextMoment({ clock }: House, tx: Tx): Promise<Date> {
  const newest = await findNewestAt(tx)
  return new Date(Math.max(clock.now().getTime(), (newest?.getTime() ?? 0) + 1))
}

/** Takes back what was told of these, and the mails that quote them, for good. */
export async function retract(tx: Tx, kind: NoticeKind, subjectIds: readonly string[]): Promise<void> {
  if (subjectIds.length === 0) return
  const gone = await deleteNotices(tx, kind, subjectIds)
  await retractMails(tx, subjectIds)
  if (gone > 0) await wake(tx, 'notice.retracted', subjectIds[0]!)
}

/** Takes back the mails that quote these, for good. */
export async function retractMails(tx: Tx, subjectIds: readonly string[]): Promise<void> {
  const mails = await deleteMailsAbout(tx, subjectIds)
  if (mails.length > 0) await removeMails(tx, mailKind, mails)
}

/** What was told of a kind about a topic is over: it leaves the bell, and mails that went have gone. */
export async function retractAbout(tx: Tx, kind: NoticeKind, topicId: string): Promise<void> {
  if ((await deleteNoticesAbout(tx, kind, topicId)) > 0) await wake(tx, 'notice.retracted', topicId)
}

type Desk = {
  house: House
  workspace: WorkspaceRow
  app: string
  members: readonly MemberRow[]
  settings: ReadonlyMap<string, SettingsRow>
  rules: NoticeRules
  /** By `mailedKey`. */
  mailed: Map<string, number>
}

async function mailAtOnce(house: House, tx: Tx, news: readonly News[]): Promise<void> {
  if (news.length === 0) return
  const members = await everyMember(tx)
  const desk: Desk = {
    house,
    members,
    workspace: await getWorkspace(tx),
    app: `${await originForMail(house, tx)}/app`,
    settings: await listSettings(tx),
    rules: await rulesAmong(tx, members),
    mailed: await countMailed(tx, new Date(tx.now.getTime() - hourMs)),
  }
  const mutings = new Map<string, Set<string>>()
  for (const one of news.filter(({ mail }) => mail !== undefined)) {
    const key = `${one.kind} ${one.topicId}`
    const muting = mutings.get(key) ?? (await listMuting(tx, one.kind, one.topicId))
    mutings.set(key, muting)
    for (const member of desk.members) {
      if (!muting.has(member.id) && isWanted(desk, member, one)) await mailTo(tx, desk, member, one)
    }
  }
}

/** By the workspace's rule and the member's own wish. */
function isWanted({ rules, settings }: Desk, { id, role }: MemberRow, { kind, topicId, memberId }: News): boolean {
  const { mail, topics, members } = rules[kind]
  if (!mail || !mayBeTold(role, kind)) return false
  if (memberId !== undefined && memberId !== id) return false
  if (topics !== null && !topics.includes(topicId)) return false
  if (members !== null && !members.includes(id)) return false
  return !settings.get(id)?.mails_off.includes(kind)
}

async function mailTo(tx: Tx, desk: Desk, member: MemberRow, news: News): Promise<void> {
  const key = mailedKey(member.id, news.kind)
  const before = desk.mailed.get(key) ?? 0
  if (before >= mostAnHour) return collect(tx, member.id, news.kind, new Date(tx.now.getTime() + hourMs))
  desk.mailed.set(key, before + 1)
  const { language } = member
  const last = before + 1 === mostAnHour ? [words(language, 'notices.mail.last', { most: mostAnHour })] : []
  const mail = news.mail!({ memberId: member.id, language, app: desk.app })
  await queueNoticeMail(desk.house, tx, member, desk.workspace, {
    ...mail,
    paragraphs: [...mail.paragraphs, ...last],
    footer: [words(language, 'notices.mail.why'), `${desk.app}/settings/you`],
    kind: news.kind,
    quotes: [news.subjectId, ...(news.quotes ?? [])],
  })
}

/** `kind`: what counts among the mails of an hour. */
type Written = NoticeMail & { footer: string[]; kind?: NoticeKind; quotes: readonly string[] }

/** Puts a mail to a member into the outbox, in the company's frame. */
export async function queueNoticeMail(
  { config }: House,
  tx: Tx,
  { id, email, language }: MemberRow,
  { name, accent_hue: hue, accent_chroma: chroma }: WorkspaceRow,
  { kind, quotes, answers, ...said }: Written,
): Promise<void> {
  const mail = writePlainMail({ ...said, language, company: name, colour: mailColour({ hue, chroma }) })
  const subjectId = await insertNoticeMail(tx, id, kind ?? null, quotes)
  await queueMail(tx, config.mail, {
    ...{ kind: mailKind, subjectId, number: 0, fromName: name, recipient: email, ...mail },
    ...(answers && {
      headers: { ...mail.headers, ...answers.headers, 'Reply-To': answers.address, References: answers.reference },
      // Two mails about one message are two.
      messageId: answers.reference.replace('<', `<${subjectId}.`),
    }),
  })
}
