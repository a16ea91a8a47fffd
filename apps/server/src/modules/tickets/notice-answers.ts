import { languages, type Language } from '@lahko/contract/values'
import type { MailReader, NoticeMail } from '#notices'
import { loopHeader } from '#platform/mail/letters.ts'
import { ownTextOf } from '#platform/mail/receiving/new-text.ts'
import { words } from '#platform/words.ts'
import { answersTo } from './own-addresses.ts'
import { signedMessageId, type MemberWords } from './reply-tokens.ts'
import type { Answerable, Told } from './notices.queries.ts'

// A member may answer a notice from their own mail program. What comes of that stands in the notice's first line.

/** What stands in a notice above everything else: answers are cut off there, whatever a mail program does to them. */
function lineAbove(language: Language, as: MemberWords['as']): string {
  const what = words(language, `desk-news.answer_${as}`)
  return `${markIn(language)}: ${what} ##`
}

/** What a member wrote above a notice. */
export function wordsAbove(text: string): string {
  const marks = languages.map(markIn)
  const lines = ownTextOf(text).split('\n')
  const at = lines.findIndex((line) => marks.some((mark) => line.includes(mark)))
  return lines
    .slice(0, at < 0 ? undefined : at)
    .join('\n')
    .trim()
}

function markIn(language: Language): string {
  return `## ${words(language, 'desk-news.answer_above')}`
}

/**
 * What an answer to a notice becomes. Of the words of whose ticket it is it tells for an answer; whatever a colleague
 * said or did is for members, and so is what somebody else wrote whom the answer would not reach.
 */
export function answerIs({ kind, outside, byRequester, data }: Told): MemberWords['as'] {
  return kind === 'message' && !outside && byRequester && data.state === undefined ? 'reply' : 'note'
}

/** What a notice has that can be answered by mail; nothing where nobody would read that. */
export function answerable(
  { mailboxId, address, replyKey, plusAddresses, namedId }: Answerable,
  as: MemberWords['as'],
  { language, memberId }: MailReader,
): Pick<NoticeMail, 'lead' | 'answers'> {
  if (!mailboxId || !address || !replyKey || !namedId) return {}
  const by = { memberId, as }
  return {
    lead: lineAbove(language, as),
    answers: {
      address: answersTo({ plusAddresses: plusAddresses === true, replyKey }, address, namedId, by),
      reference: signedMessageId(address, replyKey, namedId, by),
      headers: { [loopHeader]: mailboxId },
    },
  }
}
