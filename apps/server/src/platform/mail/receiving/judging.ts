import type { RefusedRecipient } from '../letters.ts'
import { isAutoReply } from './auto-replies.ts'
import {
  readBounceText,
  readDeliveryStatus,
  readFields,
  recipientsInStatus,
  recipientsInWords,
  type DeliveryReport,
} from './delivery-reports.ts'
import { newTextOf } from './new-text.ts'
import type { ReadMail } from './reading.ts'

/** `recipients`: whom it did not reach, as far as it says so. */
type Bounce = {
  kind: 'bounce' | 'delay'
  status: string | null
  badAddress: boolean
  says: string
  recipients: RefusedRecipient[]
}

/** What a message that came in is. */
export type Judgement =
  | Bounce
  | { kind: 'complaint'; says: string }
  | { kind: 'reply' | 'auto_reply'; text: string }
  | { kind: 'set_aside'; reason: SetAsideReason }

/** Why nothing follows from a message. */
export type SetAsideReason =
  | 'about_no_mail'
  | 'forged'
  | 'own_mail'
  | 'delivered'
  | 'receipt'
  | 'other_feedback'
  | 'unknown_report'
  | 'mailing_list'
  | 'unreadable'

/** Judges a message by its form alone. @param own addresses that Lahko itself writes from */
export function judge(mail: ReadMail, own: readonly string[]): Judgement {
  const report = (type: RegExp) => mail.reports.find((one) => type.test(one.type))
  const feedback = report(/feedback-report$/)
  if (feedback) return judgeFeedback(feedback.text)
  const status = report(/delivery-status$/)
  const delivery = (status && readDeliveryStatus(status.text)) ?? (isPersonal(mail) ? undefined : readBounceText(mail))
  if (delivery) return judgeDelivery(delivery, mail, status?.text)
  if (report(/disposition-notification$/)) return { kind: 'set_aside', reason: 'receipt' }
  if (status || /^multipart\/report\b/i.test(mail.header('content-type')) || isDaemon(mail)) {
    return { kind: 'set_aside', reason: 'unknown_report' }
  }
  if (own.includes(mail.sender)) return { kind: 'set_aside', reason: 'own_mail' }
  if (isAutoReply(mail)) return { kind: 'auto_reply', text: newTextOf(mail.text) }
  if (mail.header('list-id') !== '' || /^list$/i.test(mail.header('precedence'))) {
    return { kind: 'set_aside', reason: 'mailing_list' }
  }
  return { kind: 'reply', text: newTextOf(mail.text) }
}

function judgeDelivery({ outcome, ...rest }: DeliveryReport, mail: ReadMail, status = ''): Judgement {
  if (outcome === 'done') return { kind: 'set_aside', reason: 'delivered' }
  if (outcome === 'delayed') return { kind: 'delay', ...rest, recipients: [] }
  const reported = recipientsInStatus(status)
  return { kind: 'bounce', ...rest, recipients: reported.length > 0 ? reported : recipientsInWords(mail) }
}

/** RFC 5965: somebody pressed *spam*, or wants no more; other types say something else. */
function judgeFeedback(text: string): Judgement {
  const fields = new Map(readFields(text).flatMap((group) => [...group]))
  const type = fields.get('feedback-type')?.toLowerCase() ?? ''
  if (!/^(abuse|fraud|opt-out|opt-out-list|miscategorized)$/.test(type)) {
    return { kind: 'set_aside', reason: 'other_feedback' }
  }
  const by = fields.get('source-ip') ?? fields.get('user-agent') ?? ''
  return { kind: 'complaint', says: [type, by].filter(Boolean).join(', ').slice(0, 500) }
}

/** Somebody who has written about a bounce has not bounced. */
function isPersonal({ header }: ReadMail): boolean {
  return /^no\b/i.test(header('auto-submitted'))
}

function isDaemon({ sender }: ReadMail): boolean {
  return sender.startsWith('mailer-daemon@')
}
