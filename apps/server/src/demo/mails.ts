import type { Language } from '@lahko/contract/values'
import type { PastMessage, PastTicket } from '#tickets'
import { asksAgain, greetings, notes, questions, sentOn, solutions, thanks } from './mail-texts.ts'
import type { Random } from './random.ts'
import { channels, topics, type Topic } from './texts.ts'

/** A touchpoint of the demo that was a ticket, as it is kept. */
export type TicketTouchpoint = {
  id: string
  startedAt: Date
  endedAt: Date
  attributes: Readonly<Record<string, string>>
  customer: { id: string; name: string; email: string; language: Language }
}

/** Who works in the shop. */
export const colleagues = ['Maja Kranjc', 'Anže Bregar', 'Ingrid Dahl', 'Tom Hughes']
export const shop = 'help@shop.example'

/**
 * The mails of one touchpoint: asked, answered and thanked for; handed on, it takes longer and is asked about again.
 * @returns undefined for what did not come by mail or form
 */
export function ticketOf(random: Random, touchpoint: TicketTouchpoint, language: Language): PastTicket | undefined {
  const { customer, attributes } = touchpoint
  const channel = keyOf(channels, attributes['channel'], language)
  const topic = keyOf(topics, attributes['topic'], language)
  if (topic === undefined || (channel !== 'email' && channel !== 'form')) return undefined
  const question = random.pick(questions[topic][customer.language])
  return {
    touchpointId: touchpoint.id,
    customerId: customer.id,
    subject: question.subject,
    topic: topics[topic][language],
    channel,
    language: customer.language,
    solvedAt: touchpoint.endedAt,
    carried: channel === 'form',
    messages: conversationOf(random, { touchpoint, topic, language, question: question.text }),
  }
}

type Conversation = { touchpoint: TicketTouchpoint; topic: Topic; language: Language; question: string }

function conversationOf(random: Random, { touchpoint, topic, language, question }: Conversation): PastMessage[] {
  const { customer, attributes } = touchpoint
  const at = (share: number) =>
    new Date(touchpoint.startedAt.getTime() + share * (touchpoint.endedAt.getTime() - touchpoint.startedAt.getTime()))
  const asked = (text: string, share: number): PastMessage => {
    const { id: customerId, name, email: address } = customer
    return { kind: 'message', customerId, name, address, text, at: at(share) }
  }
  const agent = random.pick(colleagues)
  const answered = (text: string, share: number, name = agent): PastMessage => {
    const body = `${greetings[customer.language](customer.name.split(' ')[0]!)}\n\n${text}\n\n${name}`
    return { kind: 'reply', customerId: null, name, address: shop, text: body, at: at(share) }
  }
  const handovers = attributes['handovers'] ?? '0'
  const [first, second] = [colleagues[0]!, colleagues[1]!]
  return [
    asked(question, 0),
    ...(handovers === '0' ? [] : [answered(sentOn[customer.language], 0.2, first)]),
    ...(handovers === '2+'
      ? [
          asked(random.pick(asksAgain[customer.language]), 0.5),
          { ...answered('', 0.6, second), kind: 'note' as const, text: random.pick(notes[language]) },
        ]
      : []),
    answered(solutions[topic][customer.language], 0.9),
    ...(random.next() < 0.15 ? [asked(random.pick(thanks[customer.language]), 0.97)] : []),
  ]
}

function keyOf<K extends string>(
  table: Readonly<Record<K, Record<Language, string>>>,
  shown: string | undefined,
  language: Language,
): K | undefined {
  return (Object.keys(table) as K[]).find((key) => table[key][language] === shown)
}
