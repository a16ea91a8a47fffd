import type { TicketNoticeData } from '@lahko/contract'
import { listWatching, notify, type MailReader, type News } from '#notices'
import type { DueKind } from '#platform/due.ts'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import type { Tx } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { deleteWatches, insertWatches, listUnowned, takeDueWatches, type Unowned } from './unowned.queries.ts'

const newTask = 'tell_of_new_tickets'
const againTask = 'watch_tickets_again'
const atOnce = 100

/** What sleeps, waits for its customer or is spam is watched no more: it is again when somebody should have it again. */
export const unownedReactions = {
  'ticket.opened': newTask,
  'ticket.woken': againTask,
  'ticket.status': againTask,
  'ticket.no_spam': againTask,
}

type Payload = { eventId: string; subjectIds?: string[] }

/** Tells who chose it of each new ticket that nobody has, and watches for who wants to hear when that lasts. */
export function unownedTasks(house: House): Task[] {
  const { store } = house
  return [
    {
      name: newTask,
      run: (scope, payload) => store.write(scope, (tx) => tellOfNew(house, tx, payload as Payload)),
    },
    { name: againTask, run: (scope, payload) => store.write(scope, (tx) => watchAgain(tx, payload as Payload)) },
  ]
}

/** Tells who chose it that nobody has had a ticket for so long. */
export function unownedDue(house: House): DueKind {
  return { name: 'unowned_tickets', work: (scope) => house.store.write(scope, (tx) => tellOfUnowned(house, tx)) }
}

async function tellOfNew(house: House, tx: Tx, { eventId, subjectIds }: Payload): Promise<void> {
  const watching = await listWatching(tx)
  if (watching.length === 0) return
  const tickets = await listUnowned(tx, eventId, subjectIds)
  await watchFor(tx, tickets, watching)
  const news = tickets.flatMap((ticket) =>
    watching
      .filter(({ newTickets, memberId }) => newTickets && memberId !== ticket.actorId)
      .map(({ memberId }) => newsOf('ticket_new', ticket, memberId)),
  )
  await notify(house, tx, news)
}

/** What was given to somebody is watched no more; what nobody has any more is watched from now on. */
export async function watchOwners(
  tx: Tx,
  eventId: string,
  given: { ticketId: string; to?: string | null }[],
): Promise<void> {
  if (given.length === 0) return
  await deleteWatches(
    tx,
    given.map(({ ticketId }) => ticketId),
  )
  const free = given.filter(({ to }) => !to).map(({ ticketId }) => ticketId)
  if (free.length > 0) await watchAgain(tx, { eventId, subjectIds: free })
}

async function watchAgain(tx: Tx, { eventId, subjectIds }: Payload): Promise<void> {
  const watching = await listWatching(tx)
  if (watching.length > 0) await watchFor(tx, await listUnowned(tx, eventId, subjectIds), watching)
}

type Watching = Awaited<ReturnType<typeof listWatching>>

function watchFor(tx: Tx, tickets: readonly Unowned[], watching: Watching): Promise<void> {
  const patient = watching.flatMap(({ memberId, unownedMinutes: minutes }) =>
    minutes === null ? [] : [{ memberId, minutes }],
  )
  return insertWatches(tx, tickets, patient)
}

/** @returns whether there was any */
async function tellOfUnowned(house: House, tx: Tx): Promise<boolean> {
  const { taken, waiting } = await takeDueWatches(tx, atOnce)
  const patient = (await listWatching(tx)).filter(({ unownedMinutes }) => unownedMinutes !== null)
  const wanting = new Set(patient.map(({ memberId }) => memberId))
  const news = waiting
    .filter(({ memberId }) => wanting.has(memberId))
    .map((ticket) => newsOf('ticket_unowned', ticket, ticket.memberId, ticket.minutes))
  await notify(house, tx, news)
  return taken > 0
}

function newsOf(
  kind: 'ticket_new' | 'ticket_unowned',
  { eventId, ticketId, number, subject }: Unowned,
  memberId: string,
  minutes?: number,
): News {
  const data: TicketNoticeData = {
    ticketId,
    number,
    by: 'other',
    member: '',
    ...(minutes !== undefined && { minutes }),
  }
  const mail = ({ language, app }: MailReader) => {
    const say = (key: string) => words(language, `desk-news.${key}`, { number, subject, minutes })
    return {
      ...{ subject: say('subject'), heading: say(kind) },
      paragraphs: [words(language, 'desk-news.quote', { text: subject })],
      button: { label: say('open'), url: `${app}/tickets/${ticketId}` },
    }
  }
  const about = { kind, subjectId: eventId, topicId: ticketId, topic: `#${number}`, memberId, data }
  return { ...about, mail, quotes: [ticketId] }
}
