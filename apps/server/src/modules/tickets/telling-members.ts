import type { MailboxNoticeData, TicketNoticeData } from '@lahko/contract'
import { notify, type MailReader, type News, type NoticeMail } from '#notices'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import type { Db, Tx } from '#platform/store.ts'
import { mailRow } from '#platform/mail/frame.ts'
import { foldQuoted } from '#platform/mail/receiving/new-text.ts'
import { words } from '#platform/words.ts'
import { plainOfText } from './markup.ts'
import { answerable, answerIs } from './notice-answers.ts'
import { findAilingMailbox, listFollowing, listTold, type Told } from './notices.queries.ts'
import { watchOwners } from './telling-unowned.ts'
import { memberNames } from './tickets.view.ts'

const ticketTask = 'tell_of_tickets'
const mailboxTask = 'tell_of_mailbox'

/** Which facts members are told of. */
export const tellingReactions = {
  'ticket.assigned': ticketTask,
  'ticket.message': ticketTask,
  'ticket.not_delivered': ticketTask,
  'mailbox.failing': mailboxTask,
}

type Payload = { eventId: string; subjectId?: string; subjectIds?: string[] }

/** Tells members what concerns them: never whoever did it. Each fact is told once, however often the job runs. */
export function tellingTasks(house: House): Task[] {
  return [
    {
      name: ticketTask,
      run: async (scope, payload) => {
        const { eventId, subjectIds } = payload as Payload
        await house.store.write(scope, async (tx) => {
          const receives = house.config.mail.returns?.receiver !== undefined
          const told = await listTold(tx, eventId, receives, subjectIds)
          await notify(house, tx, await newsOfTickets(tx, told))
          await watchOwners(
            tx,
            eventId,
            told.filter(isAboutOwner).map(({ ticketId, data }) => ({ ticketId, to: data.to })),
          )
        })
      },
    },
    {
      name: mailboxTask,
      run: (scope, payload) => house.store.write(scope, (tx) => tellOfMailbox(house, tx, payload as Payload)),
    },
  ]
}

function isAboutOwner({ data }: Told): boolean {
  return data.messageId === undefined && data.state === undefined
}

async function newsOfTickets(db: Db, told: readonly Told[]): Promise<News[]> {
  const following = await listFollowing(
    db,
    told.map(({ ticketId }) => ticketId),
  )
  const names = await memberNames(db)
  return told.flatMap((one) =>
    recipientsOf(one, following.get(one.ticketId) ?? []).map(({ memberId, kind }) =>
      newsOf(one, { memberId, kind, member: names.get(one.actorId ?? '') ?? '' }),
    ),
  )
}

const longestWords = 2_000

type TicketKind = 'ticket_assigned' | 'ticket_mentioned' | 'ticket_message'

/** Whom a fact concerns, each once, by what concerns them most. Pure. */
function recipientsOf(told: Told, followers: readonly string[]): { memberId: string; kind: TicketKind }[] {
  const { data, ownerId, actorId } = told
  if (data.past) return []
  if (data.state !== undefined) {
    const writer = data.memberId ?? ownerId
    return writer ? [{ memberId: writer, kind: 'ticket_message' }] : []
  }
  if (data.messageId === undefined) {
    return data.to && data.to !== actorId ? [{ memberId: data.to, kind: 'ticket_assigned' }] : []
  }
  const mentioned = new Set(data.mentions)
  const others = told.automatic ? [] : [...(ownerId ? [ownerId] : []), ...followers]
  return [...new Set([...mentioned, ...others])]
    .filter((memberId) => memberId !== actorId)
    .map((memberId) => ({ memberId, kind: mentioned.has(memberId) ? 'ticket_mentioned' : 'ticket_message' }))
}

function newsOf(told: Told, { memberId, kind, member }: { memberId: string; kind: TicketKind; member: string }): News {
  const { eventId, ticketId, number } = told
  const by =
    told.data.state !== undefined ? 'undelivered' : member ? 'member' : told.kind === 'message' ? 'customer' : 'other'
  const data: TicketNoticeData = { ticketId, number, by, member }
  return {
    ...{ kind, subjectId: eventId, topicId: ticketId, topic: `#${number}`, memberId, data },
    mail: (reader) => mailOf(told, kind, data, reader),
    // Also of somebody else's ticket, from which whoever wrote it may be erased alone.
    quotes: told.data.messageId === undefined ? [ticketId] : [ticketId, told.data.messageId],
  }
}

function mailOf(told: Told, kind: TicketKind, data: TicketNoticeData, reader: MailReader): NoticeMail {
  const { subject, text } = told
  const { language, app } = reader
  const say = (key: string) => words(language, `desk-news.${key}`, { ...data, subject })
  return {
    subject: say('subject'),
    heading: say(kind),
    paragraphs: [words(language, 'desk-news.quote', { text: subject })],
    ...(text !== null && { figure: wordsOf(told.kind === 'note' ? plainOfText(text) : foldQuoted(text).text) }),
    ...answerable(told, answerIs(told), reader),
    button: { label: say('open'), url: `${app}/tickets/${data.ticketId}` },
  }
}

/** What was written, so that it can be answered where it is read. */
function wordsOf(text: string): NonNullable<NoticeMail['figure']> {
  const own = text.trim()
  const shown = own.length > longestWords ? `${own.slice(0, longestWords).toWellFormed()}…` : own
  return {
    html: mailRow('l-text', 'padding:14px 24px 0;font-size:16px;line-height:25px;white-space:pre-line', shown),
    text: shown,
  }
}

/** Tells that a mailbox ails, unless it is well again. */
async function tellOfMailbox(house: House, tx: Tx, { eventId, subjectId }: Payload): Promise<void> {
  const ailing = await findAilingMailbox(tx, subjectId!)
  if (!ailing) return
  const { address, reason } = ailing
  const said: MailboxNoticeData = { mailboxId: subjectId!, reason }
  await notify(house, tx, [
    {
      ...{ kind: 'mailbox_failing', subjectId: eventId, topicId: subjectId!, topic: address, data: said },
      mail: ({ language, app }) => ({
        subject: words(language, `desk-news.mailbox_${reason}`, { address }),
        heading: words(language, `desk-news.mailbox_${reason}`, { address }),
        paragraphs: [words(language, `desk-news.mailbox_${reason}_why`)],
        button: { label: words(language, 'desk-news.mailbox_open'), url: `${app}/incoming` },
      }),
    },
  ])
}
