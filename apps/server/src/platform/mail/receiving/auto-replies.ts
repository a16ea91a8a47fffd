import type { ReadMail } from './reading.ts'

function beginning(...phrases: readonly string[]): RegExp {
  return new RegExp(`^(${phrases.join('|')})`, 'i')
}

/** How programs begin the subject of what they answer for somebody who is away. */
const subjects = beginning(
  'automatic(ally generated)? (reply|response)|auto[- ]?(reply|response|replied)|out of( the)? office|vacation (reply|notice)',
  'samodejn[io] (odgovor|sporočilo)|avtomatsk[io] (odgovor|sporočilo)|obvestilo o odsotnosti',
  'automatisk (svar|svarmelding)|auto(matisk)?svar|frav(æ|ae)r(smelding|sassistent)\\b|feriesvar',
)

/** The same where people begin theirs so too (*On holiday next week, please change the delivery*): not alone a sign. */
const ambiguous = beginning(
  'auto:|ooo\\b|away from (the )?office|on (leave|holiday|vacation)\\b',
  'odsot(en|na|nost)|sem odsot(en|na)|(trenutno )?(me ni|nisem|ni me) (v pisarni|v službi|na delovnem mestu)|na dopustu',
  'frav(æ|ae)r\\b|ikke (til stede|på kontoret|tilgjengelig)|ute av kontoret|borte fra kontoret|på ferie',
)

type Written = Pick<ReadMail, 'header' | 'subject'>

/**
 * Whether a program wrote it in somebody's place (RFC 3834, and what Exchange, Gmail and Zimbra add). `Auto-Submitted:
 * no` says that a person did.
 */
export function isAutoReply(mail: Written): boolean {
  return isByProgram(mail) || (!/^no\b/i.test(mail.header('auto-submitted')) && wantsNoAnswer(mail))
}

/** That no program should answer it: a person may have written it all the same, by a list or a service. */
export function wantsNoAnswer({ header }: Pick<Written, 'header'>): boolean {
  return (
    /^(bulk|junk)$/i.test(header('precedence') || header('x-precedence')) ||
    /\b(all|oof|autoreply)\b/i.test(header('x-auto-response-suppress'))
  )
}

/** What programs send so that nothing comes back (RFC 5321, 4.5.5). */
export function isWithoutSender({ header }: Pick<Written, 'header'>): boolean {
  return /^<\s*>$/.test(header('return-path'))
}

/** That nobody but a program wrote it, whatever it asks of other programs. */
export function isByProgram({ header, subject }: Written): boolean {
  const submitted = header('auto-submitted').toLowerCase()
  if (submitted.startsWith('auto-')) return true
  if (/^no\b/.test(submitted)) return false
  if (/^(yes|true|1)$/i.test(header('x-autoreply')) || header('x-autorespond') || header('x-autoresponder')) return true
  if (/^auto[_-]reply$/i.test(header('precedence') || header('x-precedence'))) return true
  if (/mailbox rules agent/i.test(header('x-ms-exchange-generated-message-source'))) return true
  return (
    subjects.test(subject) || (ambiguous.test(subject) && (isWithoutSender({ header }) || wantsNoAnswer({ header })))
  )
}
