import type { Language } from '@lahko/contract/values'
import { reasonOf } from '#platform/mail/receiving/fetching.ts'
import { words } from '#platform/words.ts'

const meanings: [RegExp, string][] = [
  [/no access token just now/i, 'no_token_now'],
  [/no access token/i, 'no_token'],
  [/ENOTFOUND|EAI_AGAIN|EDNS/, 'no_such_server'],
  [/ECONNREFUSED|EHOSTUNREACH|ENETUNREACH/, 'nobody_answers'],
  [/ETIMEDOUT|CONNECT_TIMEOUT|GREETING_TIMEOUT|aborted|timeout/i, 'no_answer_in_time'],
  [/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|altnames/i, 'certificate'],
  [/wrong version number|EPROTO|ESOCKET.*SSL|STARTTLS|ETLS/i, 'wrong_encryption'],
  [/EAUTH|AUTHENTICATIONFAILED|authenticat|credentials|invalid login|password/i, 'not_let_in'],
  [/NONEXISTENT|no such|cannot be opened|doesn't exist|does not exist/i, 'no_such_folder'],
]

/** What the server or the provider has not said. */
const ownWords = /^no access token( just now)?: | EAUTH$/g

/** What to do about it, and what the server said. */
export function explained(error: unknown, language: Language): string {
  const { authenticationFailed, serverResponseCode, code } = error as Record<string, unknown>
  const reason = reasonOf(error)
  const signs = [reason, code, serverResponseCode, authenticationFailed === true ? 'EAUTH' : ''].join(' ')
  return meant(reason, signs, language) ?? words(language, 'mailboxes.other', { said: reason })
}

/** The same of a reason that was kept, where it has a meaning. */
export function explainedReason(reason: string | null, language: Language): string | null {
  return reason && (meant(reason, reason, language) ?? reason)
}

function meant(reason: string, signs: string, language: Language): string | undefined {
  const meaning = meanings.find(([pattern]) => pattern.test(signs))?.[1]
  return meaning && words(language, `mailboxes.${meaning}`, { said: reason.replace(ownWords, '') })
}
