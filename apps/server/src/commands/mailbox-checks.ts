import type pg from 'pg'
import type { RenewToken } from '#platform/mail/access-tokens.ts'
import type { MailServer } from '#platform/mail/letters.ts'
import { tryMailbox, type ImapSettings } from '#tickets'
import type { Finding } from './doctor-checks.ts'

const mostMailboxes = 100
const lateMs = 15 * 60_000

/** A mailbox as the ledger last knew it. */
export type MailboxState = {
  slug: string
  address: string
  imap: ImapSettings | null
  smtp: MailServer | null
  paused_at: Date | null
  checked_at: Date | null
  server_count: number | null
  missing: number
  set_aside: number
  waiting_since: Date | null
  newest_at: Date | null
}
type Trial = Awaited<ReturnType<typeof tryMailbox>>

/**
 * Each mailbox of the help desk: whether its servers let us in, and what the ledger says of its messages.
 * @param client of the owner
 * @param receives whether the built-in receiver takes mail
 */
export async function checkMailboxes(client: pg.Client, receives: boolean, now: Date): Promise<Finding[]> {
  const states = await listStates(client)
  const trials = await Promise.all(
    states.map((state) => (state.paused_at ? noTrial : tryMailbox(state, 'en', () => now, renewBy(client)))),
  )
  return states.map((state, place) => judgeMailbox(state, trials[place]!, receives, now))
}

/** A provider may take the refresh token that the server has no more: the next one is kept, or no mail is read again. */
function renewBy(client: pg.Client): RenewToken {
  return async (before, now) => {
    for (const way of ['imap', 'smtp']) {
      await client.query(
        `update mailboxes set ${way} = jsonb_set(${way}, '{oauth,refreshToken}', to_jsonb($2::text))
         where ${way} #>> '{oauth,refreshToken}' = $1`,
        [before, now],
      )
    }
  }
}

const noTrial: Trial = { imap: null, smtp: null }

async function listStates(client: pg.Client): Promise<MailboxState[]> {
  const { rows } = await client.query<MailboxState>(
    `select w.slug, m.address, m.imap, m.smtp, m.paused_at, m.checked_at, m.server_count, m.missing,
       (select count(*)::int from incoming_mails i where i.workspace_id = m.workspace_id and i.mailbox_id = m.id
         and i.outcome = 'set_aside' and i.blocked_id is null) as set_aside,
       (select min(received_at) from incoming_mails i where i.workspace_id = m.workspace_id and i.mailbox_id = m.id
         and i.outcome = 'waiting') as waiting_since,
       (select i.received_at from incoming_mails i where i.workspace_id = m.workspace_id and i.mailbox_id = m.id
         order by i.position desc limit 1) as newest_at
     from mailboxes m join workspaces w using (workspace_id) where w.kind <> 'demo'
     order by w.slug, m.address limit $1`,
    [mostMailboxes],
  )
  return rows
}

/** @param trial how entering its servers went just now */
export function judgeMailbox(state: MailboxState, trial: Trial, receives: boolean, now: Date): Finding {
  const what = 'Mailbox'
  const name = `${state.address} of ${state.slug}`
  const bad = faultOf(state, trial)
  if (bad) return { what, state: 'bad', says: `${name}: ${bad.says}`, mend: bad.mend }
  const odd = oddityOf(state, receives, now)
  if (odd) return { what, state: 'warning', says: `${name}: ${odd.says}`, mend: odd.mend }
  return { what, state: 'good', says: `${name}: ${wellOf(state, now)}` }
}

type Said = { says: string; mend: string }

function faultOf({ server_count: there, missing }: MailboxState, { imap, smtp }: Trial): Said | undefined {
  const settings = 'Change it in the workspace, Settings, Mailboxes.'
  if (imap && !imap.ok) return { says: `its mail cannot be read. ${imap.says}`, mend: settings }
  if (smtp && !smtp.ok) return { says: `its answers cannot be sent. ${smtp.says}`, mend: settings }
  if (missing === 0) return undefined
  return {
    says: `of ${there ?? 0} messages on the server ${missing} are not in the ledger`,
    mend: 'Lahko fetches them while it runs, and compares again each hour; if they stay missing, look into its log.',
  }
}

function oddityOf(state: MailboxState, receives: boolean, now: Date): Said | undefined {
  const { imap, checked_at: checked, waiting_since: waiting, set_aside: aside } = state
  const isLate = (at: Date | null) => at !== null && now.getTime() - at.getTime() > lateMs
  if (state.paused_at) return { says: 'paused, nothing is read', mend: 'Go on in Settings, Mailboxes.' }
  if (!imap && !receives) {
    return { says: 'only files reach it', mend: 'Give it a server in Settings, Mailboxes, or set LAHKO_SMTP_RECEIVER.' }
  }
  if (imap && !checked) return { says: 'it has not been read yet', mend: 'Start Lahko.' }
  if (imap && isLate(checked))
    return { says: `last read ${ago(checked!, now)}`, mend: 'Start Lahko; when it runs, look into its log.' }
  if (isLate(waiting)) {
    return {
      says: `messages wait to be judged since ${waiting!.toISOString()}`,
      mend: 'Start Lahko, which does it; when it runs, look at lahko jobs list.',
    }
  }
  if (aside === 0) return undefined
  return { says: `${aside} set aside`, mend: 'Look at them in the workspace, Incoming mail, and judge them once more.' }
}

function wellOf({ imap, server_count: there, newest_at: newest }: MailboxState, now: Date): string {
  const came = newest ? `the last message came ${ago(newest, now)}` : 'nothing has come yet'
  return imap ? `it can be read, its ${there ?? 0} messages are all there; ${came}` : came
}

function ago(at: Date, now: Date): string {
  const minutes = Math.max(0, Math.round((now.getTime() - at.getTime()) / 60_000))
  const [count, unit] =
    minutes < 120
      ? [minutes, 'minute']
      : minutes < 2_880
        ? [Math.round(minutes / 60), 'hour']
        : [Math.round(minutes / 1_440), 'day']
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`
}
