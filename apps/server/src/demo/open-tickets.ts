import type { Language } from '@lahko/contract/values'
import { listMembers } from '#accounts'
import { createOrganisation, organisationGroupsNamed } from '#people'
import { system, type Tx } from '#platform/store.ts'
import { changeTickets, createMacro, listTickets, openTicket, writeIn } from '#tickets'
import { fillAttempts } from './episodes.ts'
import { fillGaps, type OpenedTicket } from './gaps.ts'
import { macros, organisations } from './macros.ts'
import { asksAgain, greetings, notes, questions, sentOn } from './mail-texts.ts'
import { colleagues, shop, type TicketTouchpoint } from './mails.ts'
import { createRandom, type Random } from './random.ts'
import { topics, type Topic } from './texts.ts'

type Customer = TicketTouchpoint['customer']
type Opening = { tx: Tx; random: Random; customer: Customer; language: Language; at: Date }

const hour = 3_600_000
const ourAddresses = new Set([shop])
/** How far each has come: written to us, asked again, answered by us, or noted by a colleague. */
const stages = { written: 8, askedAgain: 5, answered: 6, noted: 3 }

/** What is open at the desk today, written through the same verbs as everybody's, at moments of the last three days. */
export async function fillDesk(
  tx: Tx,
  given: { seed: number; now: Date; language: Language; customers: readonly Customer[] },
): Promise<void> {
  const random = createRandom(given.seed + 1)
  const known = await organisationGroupsNamed(
    tx,
    organisations.map(({ name }) => name),
  )
  if (known.size === 0) {
    await fillMacros(tx, given.language)
    await fillOrganisations(tx, given.customers)
  }
  const opened: OpenedTicket[] = []
  for (const customer of given.customers) {
    const at = new Date(given.now.getTime() - (0.2 + random.next() * 70) * hour)
    opened.push(await openOne({ tx, random, customer, language: given.language, at }))
  }
  await fillGaps(tx, opened, given.language)
  await giveSome(tx)
}

/** Nobody does it, with what whoever manages the desk may. */
async function fillMacros(tx: Tx, language: Language): Promise<void> {
  const manager: Tx = { ...tx, actor: { ...system, permissions: new Set(['tickets.manage']) } }
  for (const { name, texts, actions } of macros)
    await createMacro(manager, { name: name[language], shared: true, texts, actions })
}

/** Customers of each language belong to its club, in turn. */
async function fillOrganisations(tx: Tx, customers: readonly Customer[]): Promise<void> {
  for (const { name, language } of organisations) {
    const speaking = customers.filter((one) => one.language === language)
    const addresses = [...new Set(speaking.map(({ email }) => email))].filter((_, place) => place % 3 === 0)
    await createOrganisation(tx, { name, addresses })
  }
}

/**
 * Some have been taken by whoever looks, so that what is theirs is not empty; done again, it changes nothing.
 * @param memberId whoever has come now; undefined for whoever had the demo made, if anybody had
 */
export async function giveSome(tx: Tx, memberId?: string): Promise<void> {
  const [member] = await listMembers(tx, { ids: memberId === undefined ? undefined : [memberId], limit: 1 })
  if (!member || (await listTickets(tx, { owner: member.id, sort: 'oldest', limit: 1 })).items.length > 0) return
  const { id: ownerId, account_id: accountId, role } = member
  const { items } = await listTickets(tx, { owner: 'nobody', sort: 'oldest', limit: 3 })
  const self = { kind: 'member', memberId: ownerId, accountId, sessionId: ownerId, role } as const
  const changes = items.map(({ id }) => ({ id, ownerId }))
  await changeTickets({ ...tx, actor: { ...self, permissions: new Set() } }, changes)
}

async function openOne(opening: Opening): Promise<OpenedTicket> {
  const { random, customer, language, at } = opening
  const topic = random.pick(Object.keys(topics) as Topic[])
  const question = random.pick(questions[topic][customer.language])
  const channel = random.pick(['email', 'email', 'form'] as const)
  const author = { customerId: customer.id, name: customer.name, address: customer.email }
  const { id, number } = await openTicket(moment(opening, 0), {
    ...{ subject: question.subject, channel, customerId: customer.id, language: customer.language },
    topic: topics[topic][language],
    priority: random.pick(['normal', 'normal', 'normal', 'high', 'low'] as const),
    first: { kind: 'message', channel, author, text: question.text, subject: question.subject, at },
  })
  if (channel === 'form') {
    const tried = { id, topic, language: customer.language, question: question.subject }
    await fillAttempts(opening.tx, random, tried)
  }
  await goOn(opening, id)
  return { id, number, topic }
}

async function goOn(opening: Opening, ticketId: string): Promise<void> {
  const { random, customer, language } = opening
  const stage = random.weighted(stages)
  const name = random.pick(colleagues)
  const ours = { name, address: shop }
  if (stage === 'noted') {
    const tx = moment(opening, 0.3)
    const note = { kind: 'note', channel: 'email', author: ours, text: random.pick(notes[language]) } as const
    return void (await writeIn(tx, ticketId, note, ourAddresses))
  }
  if (stage === 'written') return
  const text = `${greetings[customer.language](customer.name.split(' ')[0]!)}\n\n${sentOn[customer.language]}\n\n${name}`
  await writeIn(moment(opening, 0.3), ticketId, { kind: 'reply', channel: 'email', author: ours, text }, ourAddresses)
  if (stage !== 'askedAgain') return
  const author = { customerId: customer.id, name: customer.name, address: customer.email }
  const again = { kind: 'message', channel: 'email', author, text: random.pick(asksAgain[customer.language]) } as const
  await writeIn(moment(opening, 0.8), ticketId, again)
}

/** The transaction as it would have been at a share of the way from the first message to now. */
function moment({ tx, at }: Opening, share: number): Tx {
  return { ...tx, now: new Date(at.getTime() + share * (tx.now.getTime() - at.getTime())) }
}
