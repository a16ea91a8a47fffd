import type { Language } from '@lahko/contract/values'
import { everyMember, getWorkspace, originForMail } from '#accounts'
import type { DueKind } from '#platform/due.ts'
import type { House } from '#platform/house.ts'
import type { Tx } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { takeCollected, type Collected } from './notice-mails.queries.ts'
import { queueNoticeMail } from './notifying.ts'
import { mayBeTold } from './readers.ts'
import { listSettings } from './settings.queries.ts'

const mostAtOnce = 100

/** What was more than the mails of an hour is told in one, an hour after the first of it. */
export function collectedDue(house: House): DueKind[] {
  return [{ name: 'collected_notices', work: (scope) => house.store.write(scope, (tx) => tellCollected(house, tx)) }]
}

/** @returns whether there was any */
async function tellCollected(house: House, tx: Tx): Promise<boolean> {
  const due = await takeCollected(tx, mostAtOnce)
  if (due.length === 0) return false
  const members = new Map((await everyMember(tx)).map((member) => [member.id, member]))
  const settings = await listSettings(tx)
  const [workspace, app] = [await getWorkspace(tx), `${await originForMail(house, tx)}/app`]
  for (const collected of due) {
    const { memberId, kind } = collected
    const member = members.get(memberId)
    // Whoever turned these mails off meanwhile wants this one no more than the others.
    if (!member || !mayBeTold(member.role, kind) || settings.get(memberId)?.mails_off.includes(kind)) continue
    await queueNoticeMail(house, tx, member, workspace, mailOf(collected, member.language, app))
  }
  return true
}

function mailOf({ kind, count }: Collected, language: Language, app: string) {
  const said = words(language, 'notices.mail.more', { kind, count })
  return {
    subject: said,
    heading: said,
    paragraphs: [words(language, 'notices.mail.more_why')],
    button: { label: words(language, 'notices.mail.more_open'), url: `${app}/notices` },
    footer: [words(language, 'notices.mail.why'), `${app}/settings/you`],
    quotes: [],
  }
}
