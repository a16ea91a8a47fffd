import type { TicketNoticeData } from '@lahko/contract'
import { notify, type MailReader, type News } from '#notices'
import type { House } from '#platform/house.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { words } from '#platform/words.ts'
import type { Tx } from '#platform/store.ts'
import { answerable } from './notice-answers.ts'
import { listAnswerable, listFollowing, type Answerable } from './notices.queries.ts'
import type { TicketRow } from './tickets.queries.ts'

/** Tells owners that their tickets sleep no more, and of what nobody owns those who follow it. */
export async function tellOfWoken(house: House, tx: Tx, rows: readonly TicketRow[]): Promise<void> {
  const free = rows.filter((row) => row.owner_id === null).map(({ id }) => id)
  const following = free.length === 0 ? new Map<string, string[]>() : await listFollowing(tx, free)
  const ids = rows.map(({ id }) => id)
  const answers = await listAnswerable(tx, ids, house.config.mail.returns?.receiver !== undefined)
  const news = rows.flatMap((row) =>
    (row.owner_id === null ? (following.get(row.id) ?? []) : [row.owner_id]).map((memberId) =>
      newsOf(row, answers.get(row.id)!, memberId, uuidv7(tx.now.getTime())),
    ),
  )
  await notify(house, tx, news)
}

function newsOf(
  { id: ticketId, number, subject }: TicketRow,
  answers: Answerable,
  memberId: string,
  subjectId: string,
): News {
  const data: TicketNoticeData = { ticketId, number, by: 'other', member: '' }
  const mail = (reader: MailReader) => {
    const { language, app } = reader
    const say = (key: string) => words(language, `desk-news.${key}`, { number, subject })
    return {
      ...{ subject: say('subject'), heading: say('ticket_woken') },
      paragraphs: [words(language, 'desk-news.quote', { text: subject })],
      ...answerable(answers, 'note', reader),
      button: { label: say('open'), url: `${app}/tickets/${ticketId}` },
    }
  }
  const about = { kind: 'ticket_woken', subjectId, topicId: ticketId, topic: `#${number}`, memberId, data } as const
  return { ...about, mail, quotes: [ticketId] }
}
