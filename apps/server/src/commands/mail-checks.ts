import { checkSenderDomain, senderOf, type RecordCheck, type ResolveTxt } from '../platform/mail/sender-domain.ts'
import type pg from 'pg'
import type { Config, MailConfig } from '../config.ts'
import { mailboxName } from '../platform/mail/receiving/imap-mailbox.ts'
import type { Finding } from './doctor-checks.ts'

const names = { spf: 'SPF', dkim: 'DKIM', dmarc: 'DMARC' } as const

/** Whether mail is sent at all, and what the DNS says of its domain. */
export async function checkMail(mail: MailConfig, resolve: ResolveTxt): Promise<Finding[]> {
  const sender = senderOf(mail)
  if (mail.smtpUrl === undefined || !sender) {
    const says = 'no server is configured: mail stays in the outbox'
    return [
      {
        what: 'Mail',
        state: 'warning',
        says,
        mend: 'Set LAHKO_SMTP_URL and LAHKO_MAIL_FROM, for this command as for Lahko itself.',
      },
    ]
  }
  const checks = await checkSenderDomain(resolve, sender)
  const { domain, returnDomain } = sender
  return [
    judgeRecord(names.spf, returnDomain, checks.spf),
    ...(checks.aligned === false ? [judgeAlignment(domain, returnDomain)] : []),
    ...(['dkim', 'dmarc'] as const).map((name) => judgeRecord(names[name], domain, checks[name])),
  ]
}

function judgeAlignment(domain: string, returnDomain: string): Finding {
  const says = `SPF of ${returnDomain}, where mail comes back to, does not speak for ${domain}: DMARC passes by DKIM only`
  return { what: names.spf, state: 'warning', says, mend: `Let LAHKO_RETURN_ADDRESS be an address of ${domain}.` }
}

/** Whether the links of mails that go out lead customers anywhere. @param client of the owner */
export async function checkLinks({ baseUrl, mail, port }: Config, client: pg.Client): Promise<Finding[]> {
  if (mail.smtpUrl === undefined || baseUrl !== undefined) return []
  const { rows } = await client.query<{ slug: string | null }>(`
    select min(slug) as slug from workspaces w
    where kind = 'company' and not exists (select from hosts h where h.workspace_id = w.workspace_id)
    having count(*) > 0 or not exists (select from workspaces where kind = 'company')`)
  if (!rows[0]) return []
  const whose = rows[0].slug === null ? '' : ` of ${rows[0].slug}`
  const says = `links in mails${whose} begin with http://localhost:${port}, which leads customers nowhere`
  const mend = 'Set LAHKO_BASE_URL to the address of this Lahko, such as https://feedback.example.com.'
  return [{ what: 'Links', state: 'bad', says, mend }]
}

/** Whether mail leaves by the configured server, as the last attempts tell. @param client of the owner */
export async function checkLeaving({ smtpUrl }: MailConfig, client: pg.Client): Promise<Finding[]> {
  if (smtpUrl === undefined) return []
  const { rows } = await client.query<{ since: Date; reply: string | null }>(`
    select hindered_since as since, reply from mails
    where hindered_since is not null and sent_at is null and failed_at is null and uncertain_at is null
      and not coalesce(letter ? 'server', false) order by hindered_since limit 1`)
  if (!rows[0]) return []
  const says = `no mail has left since ${rows[0].since.toISOString()}: ${rows[0].reply ?? ''}`
  return [{ what: 'Mail', state: 'bad', says, mend: 'Look at LAHKO_SMTP_URL, LAHKO_MAIL_FROM and the mail server.' }]
}

/** Whether the mailbox to which mail comes back can be read. @param client of the owner */
export async function checkReturns({ returns }: MailConfig, client: pg.Client): Promise<Finding[]> {
  const what = 'Returned'
  if (!returns) {
    const says = 'bounces, complaints and replies are not read'
    return [{ what, state: 'warning', says, mend: 'Set LAHKO_RETURN_IMAP or LAHKO_SMTP_RECEIVER.' }]
  }
  const { address, imapUrl, receiver } = returns
  const taken = receiver
    ? [{ what, state: 'good' as const, says: `mail for ${address} is taken on port ${receiver.port}` }]
    : []
  if (imapUrl === undefined) return taken
  const name = mailboxName(imapUrl)
  const { rows } = await client.query<MailboxState>(
    'select checked_at, failing_since, error from return_mailboxes where name = $1',
    [name],
  )
  return [...taken, judgeMailbox(name, rows[0])]
}

type MailboxState = { checked_at: Date | null; failing_since: Date | null; error: string | null }

/** @param state as it was last noted; undefined when nothing has read the mailbox yet */
export function judgeMailbox(name: string, state: MailboxState | undefined): Finding {
  const what = 'Returned'
  const mend = 'Look at LAHKO_RETURN_IMAP: its server, its user and its password.'
  if (!state) return { what, state: 'warning', says: `${name} has not been read yet`, mend: 'Start Lahko.' }
  const { checked_at: checked, failing_since: failing, error } = state
  if (failing) {
    return { what, state: 'bad', says: `${name} cannot be read since ${failing.toISOString()}: ${error ?? ''}`, mend }
  }
  return { what, state: 'good', says: `${name}, last read at ${checked?.toISOString() ?? ''}` }
}

const problems: Readonly<Record<Exclude<NonNullable<RecordCheck['problem']>, 'no_domain'>, string>> = {
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
  if (problem === 'no_domain') {
    const mend = 'Look at LAHKO_MAIL_FROM and LAHKO_RETURN_ADDRESS: their domains have to exist.'
    return { what, state: 'bad', says: `there is no domain ${domain} in the DNS`, mend }
  }
  const says = state === 'missing' ? `${domain} has no such record` : problems[problem!]
  return { what, state: state === 'missing' ? 'warning' : 'bad', says, mend: add && `TXT ${add.name}: ${add.value}` }
}
