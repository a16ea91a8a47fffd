import { isDeepStrictEqual } from 'node:util'
import { mailParts, type MailText, type MailTexts, type ProgrammeTexts } from '@lahko/contract/mail-texts'
import { languages } from '@lahko/contract/values'
import { emit } from '#platform/events.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { findProgrammeTexts, updateProgrammeTexts } from './mail-texts.queries.ts'
import { variableFault } from './mail-variables.ts'
import { lockProgramme } from './programmes.queries.ts'

/** @throws Problem not_found */
export async function getProgrammeTexts(db: Db, id: string): Promise<{ surveyId: string; texts: ProgrammeTexts }> {
  const found = await findProgrammeTexts(db, id)
  if (!found) throw new Problem('not_found', 'platform.not_found')
  return found
}

/**
 * Changes what the mails of a programme say, from the next mail on.
 * @throws Problem not_found; invalid `programmes.unknown_variable`, `programmes.fallback_missing`,
 * `programmes.stray_brace` at the field in its language
 */
export async function changeProgrammeTexts(tx: Tx, id: string, texts: ProgrammeTexts): Promise<void> {
  await lockProgramme(tx, id)
  for (const language of languages) demandVariables(texts[language] ?? {}, `/body/${language}`)
  if (isDeepStrictEqual((await getProgrammeTexts(tx, id)).texts, texts)) return
  await updateProgrammeTexts(tx, id, texts)
  await emit(tx, { type: 'programme.changed', subjectId: id, data: { fields: ['texts'] } })
}

/** @param at the JSON Pointer of the language. @throws Problem invalid */
export function demandVariables(texts: MailTexts, at: string): void {
  if (/[{}]/.test(texts.sender ?? '')) throw invalidField(`${at}/sender`, 'programmes.no_variables_here')
  for (const mail of ['invitation', 'reminder'] as const) {
    for (const part of mailParts) {
      const fault = variableFault(texts[mail]?.[part] ?? '')
      if (fault) throw invalidField(`${at}/${mail}/${part}`, fault.code, fault.args)
    }
  }
}

/** What is written for one mail: a reminder that has no words of its own says what the invitation says. */
export function textsOfMail({ invitation = {}, reminder = {} }: MailTexts, isReminder: boolean): MailText {
  // A subject that is the same twice looks like the same mail twice: the reminder's is made of it instead.
  return isReminder ? { ...invitation, subject: undefined, ...reminder } : invitation
}
