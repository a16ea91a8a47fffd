import { checkSenderDomain, senderOf, type RecordCheck, type ResolveTxt } from '../platform/mail/sender-domain.ts'
import type { MailConfig } from '../config.ts'
import type { Finding } from './doctor-checks.ts'

const names = { spf: 'SPF', dkim: 'DKIM', dmarc: 'DMARC' } as const

/** Whether mail is sent at all, and what the DNS says of its domain. */
export async function checkMail(mail: MailConfig, resolve: ResolveTxt): Promise<Finding[]> {
  const sender = senderOf(mail)
  if (mail.smtpUrl === undefined || !sender) {
    const says = 'no server is configured: mail stays in the outbox'
    return [{ what: 'Mail', state: 'warning', says, mend: 'Set LAHKO_SMTP_URL and LAHKO_MAIL_FROM.' }]
  }
  const checks = await checkSenderDomain(resolve, sender)
  return (['spf', 'dkim', 'dmarc'] as const).map((name) => judgeRecord(names[name], sender.domain, checks[name]))
}

const problems: Readonly<Record<NonNullable<RecordCheck['problem']>, string>> = {
  several: 'there are several records, so that none counts',
  open_to_all: 'the record lets anybody send',
  other_key: 'the record holds another key than LAHKO_DKIM_KEY',
  revoked: 'the record takes the key back',
  no_policy: 'the record names no policy',
}

function judgeRecord(what: string, domain: string, { state, problem, found, add }: RecordCheck): Finding {
  if (state === 'ok') return { what, state: 'good', says: found ?? '' }
  if (state === 'off') {
    return { what, state: 'good', says: 'mail is not signed here; the mail server may do that (LAHKO_DKIM_KEY)' }
  }
  if (state === 'unknown') return { what, state: 'warning', says: `the name servers of ${domain} do not answer` }
  const says = state === 'missing' ? `${domain} has no such record` : problems[problem!]
  return { what, state: state === 'missing' ? 'warning' : 'bad', says, mend: add && `TXT ${add.name}: ${add.value}` }
}
