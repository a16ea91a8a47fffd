import { email } from '@lahko/contract/values'
import type { Language } from '@lahko/contract/values'
import { ensureCustomers } from '#people'
import type { House } from '#platform/house.ts'
import { hashToken } from '#platform/secrets.ts'
import type { Tx } from '#platform/store.ts'
import { keepAttempts } from './attempts.ts'
import { changeTickets } from './changing.ts'
import type { ContactFormRow } from './contact-forms.queries.ts'
import { labelOf, typedValue } from './field-values.ts'
import { tooLong, type FieldProblem } from './form-problems.ts'
import { openTicket } from './opening.ts'
import { written, writtenLine, type SentForm } from './reading-forms.ts'
import { attachUploads } from './request-files.ts'
import type { View } from './request-frame.ts'
import { mailReceived } from './request-mails.ts'
import { findSentForm, insertSentForm, lockForm } from './sent-forms.queries.ts'
import { writeValues, type TicketFieldRow } from './ticket-fields.queries.ts'

/** A request as somebody filled it in, when nothing is wrong with it. */
export type Request = {
  name: string
  address: string
  topic?: string
  text: string
  values: { fieldId: string; value: string }[]
}

/** Reads what was filled in. @param address of whoever is signed in: then the form's own does not count */
export function readRequest(
  view: View,
  sent: SentForm,
  asked: { form: Pick<ContactFormRow, 'topics'>; fields: readonly TicketFieldRow[]; address?: string },
): { request?: Request; problems: FieldProblem[] } {
  const { say } = view
  const problems: FieldProblem[] = []
  const address = asked.address ?? writtenLine(sent, 'address')
  if (address === '') problems.push({ at: 'address', text: say('missing_address') })
  else if (!email.safeParse(address).success) problems.push({ at: 'address', text: say('bad_address') })
  const named = writtenLine(sent, 'topic')
  const topic = asked.form.topics.find(({ name }) => name === named)?.name
  if (asked.form.topics.length > 0 && !topic) problems.push({ at: 'topic', text: say('missing_topic') })
  const values = readValues(view, sent, asked.fields, topic, problems)
  const name = writtenLine(sent, 'name')
  const text = written(sent, 'message')
  problems.push(...tooLong(view, 'name', name, 'name'), ...tooLong(view, 'message', text, 'message'))
  if (text === '') problems.push({ at: 'message', text: say('missing_message') })
  for (const { code, name } of sent.problems) problems.push({ at: 'files', text: say(`file_${code}`, { name }) })
  if (problems.length > 0) return { problems }
  return { problems, request: { name, address: address.toLowerCase(), text, values, ...(topic && { topic }) } }
}

function readValues(
  view: View,
  sent: SentForm,
  fields: readonly TicketFieldRow[],
  topic: string | undefined,
  problems: FieldProblem[],
): Request['values'] {
  const { language, say } = view
  const asked = fields.filter(({ topics }) => topics.length === 0 || (topic !== undefined && topics.includes(topic)))
  return asked.flatMap((field) => {
    const at = `f-${field.id}`
    const typed = writtenLine(sent, at)
    const label = labelOf(field, language)
    if (typed === '') {
      if (field.on_form === 'required') problems.push({ at, text: say('missing_field', { label }) })
      return []
    }
    const long = tooLong(view, at, typed, 'value')
    const value = typedValue(field, typed)
    if (long.length > 0) problems.push(...long)
    else if (value !== undefined) return [{ fieldId: field.id, value }]
    else problems.push({ at, text: say(`not_${field.kind}`, { label }) })
    return []
  })
}

/** How a request came. @param episode which its page belonged to */
export type Sending = {
  token: string
  sent: SentForm
  language: Language
  spam: boolean
  episode?: string | undefined
}

/**
 * Opens the ticket of a request, and mails its sender where it is found. The same form again is the same ticket.
 * @returns its number
 */
export async function sendRequest(house: House, tx: Tx, request: Request, sending: Sending): Promise<number> {
  const tokenHash = hashToken(sending.token)
  await lockForm(tx, tokenHash)
  const known = await findSentForm(tx, tokenHash)
  if (known) return known.number
  const { address, name, topic, text, values } = request
  const { language, spam, episode } = sending
  const [customerId] = await ensureCustomers(tx, [{ email: address, language, ...(name && { name }) }])
  const subject = subjectOf(text)
  const attachments = await attachUploads(tx, tokenHash, sending.sent)
  const author = { ...(customerId && { customerId }), name, address }
  const first = { kind: 'message', channel: 'form', author, text, subject, attachments } as const
  const given = { subject, channel: 'form', priority: 'normal', language, first } as const
  const opened = await openTicket(tx, { ...given, ...(customerId && { customerId }), ...(topic && { topic }) })
  await writeValues(tx, opened.id, values)
  await insertSentForm(tx, tokenHash, opened.id)
  // A member can say that it is none.
  if (spam) await changeTickets(tx, [{ id: opened.id, spam: true }])
  else {
    if (episode !== undefined) await keepAttempts(tx, opened.id, episode)
    const about = { ticketId: opened.id, messageId: opened.message.id, number: opened.number }
    await mailReceived(house, tx, { ...about, address, language })
  }
  return opened.number
}

const longestSubject = 80

/** What a request is called that has no subject: its first line, cut between two words. */
function subjectOf(text: string): string {
  const line = text.split('\n').find((one) => one.trim() !== '') ?? ''
  const plain = line.replaceAll(/\s+/g, ' ').trim()
  if (plain.length <= longestSubject) return plain
  const cut = plain
    .slice(0, longestSubject - 1)
    .toWellFormed()
    .replace(/\ufffd$/, '')
  const space = cut.lastIndexOf(' ')
  return `${space > longestSubject / 2 ? cut.slice(0, space) : cut}…`
}

const writtenTooFastMs = 5_000

/** What a program does and a person does not: fill in the field that nobody sees, or send a link within five seconds. */
export function looksLikeSpam(sent: SentForm, tookMs: number): boolean {
  if ((sent.fields.get('leave-empty') ?? '') !== '') return true
  return tookMs < writtenTooFastMs && /https?:\/\/|www\.|<a\s/i.test([...sent.fields.values()].join(' '))
}
