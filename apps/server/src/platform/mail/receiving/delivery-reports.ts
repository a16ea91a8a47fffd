import type { RefusedRecipient } from '../letters.ts'
import { isWithoutSender } from './auto-replies.ts'
import type { ReadMail } from './reading.ts'

/** What another server says became of a mail. */
export type DeliveryReport = {
  outcome: 'failed' | 'delayed' | 'done'
  /** Of RFC 3463, `5.1.1`; null when none is said. */
  status: string | null
  /** There is nobody at the address, and there will not be. */
  badAddress: boolean
  says: string
}

const longestSaying = 500
/** So far a bounce for people is read. */
const longestRead = 10_000

/** Groups of fields as RFC 3464 and RFC 5965 have them, names in lower case. */
export function readFields(text: string): Map<string, string>[] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((group) => {
      const lines = group.replaceAll(/\n[ \t]+/g, ' ').split('\n')
      return new Map(
        lines.flatMap((line) => {
          const [, name, value] = /^([\w-]+)\s*:\s*(.*)$/.exec(line) ?? []
          return name === undefined ? [] : [[name.toLowerCase(), value!.trim()] as const]
        }),
      )
    })
}

/** A report after RFC 3464. Of several recipients the one counts whose mail failed. @param text its delivery-status part */
export function readDeliveryStatus(text: string): DeliveryReport | undefined {
  const groups = groupsOf(text)
  const group =
    groups.find((fields) => actionOf(fields) === 'failed') ??
    groups.find((fields) => actionOf(fields) === 'delayed') ??
    groups[0]
  return group && reportOf(group)
}

function groupsOf(text: string): Map<string, string>[] {
  return readFields(text).filter((fields) => fields.has('action') || fields.has('status'))
}

function actionOf(fields: Map<string, string>): string | undefined {
  return /^[a-z]+/.exec(fields.get('action')?.toLowerCase() ?? '')?.[0]
}

function reportOf(group: Map<string, string>): DeliveryReport {
  const says = sayingOf(group.get('diagnostic-code')?.replace(/^[\w-]+\s*;\s*/, '') ?? '')
  const status = moreExact(codeIn(group.get('status') ?? ''), codeIn(says))
  const action = actionOf(group) ?? (status?.startsWith('5') ? 'failed' : status?.startsWith('4') ? 'delayed' : 'other')
  const outcome = action === 'failed' ? 'failed' : action === 'delayed' ? 'delayed' : 'done'
  return { outcome, status, says, badAddress: outcome === 'failed' && isAboutAddress(status, says) }
}

const mostRecipients = 200

/** Whom a mail did not reach, after RFC 3464: as its sender wrote the address, where the report says so. */
export function recipientsInStatus(text: string): RefusedRecipient[] {
  const failed = groupsOf(text).flatMap((group) => {
    const { outcome, status, says } = reportOf(group)
    const address = addressIn(group.get('original-recipient')) ?? addressIn(group.get('final-recipient'))
    return outcome === 'failed' && address !== undefined ? [{ address, status, says }] : []
  })
  return failed.slice(0, mostRecipients)
}

/** After the type of address: `rfc822; nives@mail.example`. */
function addressIn(field: string | undefined): string | undefined {
  return /^(?:[^;]*;)?\s*<?([^<>\s;]+@[^<>\s;]+?)>?\s*$/.exec(field ?? '')?.[1]?.toLowerCase()
}

/** Whom a bounce that is written for people says it is about (X-Failed-Recipients), with what it says of each. */
export function recipientsInWords({ header, text }: ReadMail): RefusedRecipient[] {
  const given = header('x-failed-recipients')
    .toLowerCase()
    .split(/[\s,;]+/)
  const addresses = [...new Set(given.flatMap((one) => addressIn(one) ?? []))].slice(0, mostRecipients)
  const words = text.slice(0, longestRead)
  const places = addresses.map((address) => words.toLowerCase().indexOf(address))
  return addresses.map((address, index) => {
    const start = places[index]!
    const next = Math.min(...places.filter((place) => place > start), words.length)
    const about = start < 0 ? words : words.slice(start + address.length, next)
    return { address, status: codeIn(about), says: sayingOf(sentenceIn(about)) }
  })
}

const daemons = /^(mailer[-_.]?daemon|postmaster|mail[-_.]?daemon|mdaemon|mail[-_.]delivery[-_.]?(subsystem|system)?)@/
const bounceSubject =
  /undeliver|undelivered|delivery (status notification|failure|has failed|report)|returned (mail|to sender)|failure notice|mail delivery (failed|failure|system)|message not delivered|nedostavljiv|ni (bilo|mogoče) .*dostav|dostava .*ni uspela|kunne ikke (leveres|levere)|kan ikke leveres|leveringsfeil|uleverbar/i
const stillTrying =
  /will (be retried|continue|keep trying|try again)|not yet been delivered|(has been|is) delayed|\bwarning\b.*\bdelayed\b|delivery.*\bdelay|se bo ponovil|še poskuša|forsinke/i
const givenUp =
  /giv(ing|en) up|permanent (error|failure|fatal)|retry time ?out|retry timeout exceeded|could not be delivered|couldn't be delivered|cannot be delivered|unable to deliver/i

/**
 * A bounce as Exim, qmail, Gmail, old Exchange servers and others write it for people: who sent it, its subject and
 * its words. @returns undefined when it is none
 */
export function readBounceText(mail: ReadMail): DeliveryReport | undefined {
  const { sender, subject, text, header } = mail
  const fromDaemon = daemons.test(sender) || header('x-failed-recipients') !== ''
  const nullPath = isWithoutSender({ header })
  if (!fromDaemon && !(nullPath && bounceSubject.test(subject))) return undefined
  const words = text.slice(0, longestRead)
  const says = sayingOf(sentenceIn(words))
  const status = codeIn(words)
  const permanent = status === null ? /\b5\d\d\b/.test(words) : status.startsWith('5')
  const bad = isAboutAddress(status, words)
  const delayed = !permanent && !givenUp.test(words) && stillTrying.test(`${subject}\n${words}`)
  if (delayed) return { outcome: 'delayed', status, says, badAddress: false }
  const known = permanent || bad || isFull(status, words) || givenUp.test(words) || bounceSubject.test(subject)
  return known ? { outcome: 'failed', status, says, badAddress: bad } : undefined
}

const noSuchAddress =
  /user unknown|unknown user|no such (user|address|recipient|mailbox|person|account)|(user|mailbox|recipient|address|account|domain)( \S+)? (does not|doesn't|doesn’t) exist|(mailbox|user|recipient|account|domain|address)( name)? not (found|known)|no mailbox here by that name|(address|recipient) (couldn't|could not|wasn't|was not) (be )?found|unknown (recipient|mailbox|address)|(account|mailbox) (has been |is )?(disabled|deactivated|inactive)|unrouteable address|host or domain name not found|uporabnik ne obstaja|ne obstaja|finnes ikke|ukjent bruker/i
const full =
  /(mailbox|quota|inbox|account)[^\n]{0,40}\b(full|exceeded)|over ?quota|out of storage|poln (nabiralnik|predal)|postboks\w* er full/i

function isFull(status: string | null, words: string): boolean {
  return status === null || isVague(status) ? full.test(words) : status.endsWith('.2.2')
}

/** Only what is permanent and about the address itself: whoever is refused as spam has one. */
function isAboutAddress(status: string | null, words: string): boolean {
  if (status === null || isVague(status)) {
    return status?.startsWith('4') !== true && !full.test(words) && noSuchAddress.test(words)
  }
  if (status === '5.4.4') return noSuchAddress.test(words)
  return /^5\.(1\.(1|2|3|6|10)|2\.1)$/.test(status)
}

/** Some servers say `5.0.0` or `5.5.0` and mean what their words say. */
function isVague(status: string): boolean {
  return /^[45]\.(\d+\.0|0\.\d+)$/.test(status)
}

function codeIn(text: string): string | null {
  return /(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/.exec(text)?.[1] ?? null
}

function moreExact(status: string | null, said: string | null): string | null {
  if (status === null) return said
  return said !== null && isVague(status) && !isVague(said) && said[0] === status[0] ? said : status
}

/** The line that says what went wrong: one with a code, else one with words that are known. */
function sentenceIn(words: string): string {
  const lines = words.split('\n').map((line) => line.trim())
  return (
    lines.find((line) => /\b[45]\d\d[ -#]|[45]\.\d\.\d/.test(line)) ??
    lines.find((line) => noSuchAddress.test(line) || full.test(line)) ??
    lines.find((line) => line !== '') ??
    ''
  )
}

function sayingOf(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, longestSaying).toWellFormed()
}
