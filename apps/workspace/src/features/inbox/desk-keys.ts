import { useAction, type Action } from '../../platform/actions.ts'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { change, linesOf } from './changing.ts'
import { openNext } from './next-ticket.ts'
import { pick, type Picking } from './picking.ts'
import { useSelection } from './selection.ts'

/** Whom a key concerns: the chosen tickets, else the row that has the focus, else the one that is open. */
function targets(selection: ReadonlySet<string>, openId: string | undefined): string[] {
  if (selection.size > 0) return [...selection]
  const focused = document.activeElement?.closest<HTMLElement>('.in-ticket')?.dataset['ticket'] ?? openId
  return focused === undefined ? [] : [focused]
}

/** What can be done with tickets, by keys and from the palette. */
export function useDeskKeys(openId: string | undefined): void {
  const selection = useSelection()
  const group = t('inbox.inbox')
  const those = () => targets(selection, openId)
  const picker = (kind: Picking['kind'], name: string, icon: Action['icon'], keys?: string): Action => ({
    id: `in.${kind}`,
    group,
    name,
    icon,
    keys,
    run: () => pick(kind, those()),
  })
  useAction(picker('assign', t('inbox.assign'), 'person', 'a'))
  useAction(picker('snooze', t('inbox.snooze'), 'clock', 's'))
  const rest = () => void restForReply(those())
  useAction({ id: 'in.snooze-reply', group, name: t('inbox.snoozeForReply'), icon: 'clock', keys: 'S', run: rest })
  useAction(picker('tag', t('inbox.tag'), 'tag', '#'))
  useAction(picker('priority', t('inbox.setPriority'), 'up', 'p'))
  useAction(picker('status', t('inbox.setStatus'), 'check', 'u'))
  useAction(picker('subject', t('inbox.setSubject'), 'note', 'h'))
  useAction(picker('topic', t('inbox.setTopic'), 'ledger', 't'))
  useAction(picker('language', t('inbox.setLanguage'), 'note'))
  useAction(picker('customer', t('inbox.setCustomer'), 'people', 'w'))
  useAction(picker('merge', t('inbox.mergeInto'), 'merge', 'm'))
  useAction(picker('link', t('inbox.linkWith'), 'link'))
  const mayWriteArticles = useMay('articles.write')
  useAction(mayWriteArticles ? picker('article', t('articles.fromTicket'), 'book') : null)
  useAction(picker('gap', t('upkeep.report'), 'warning'))
  useAction(picker('new', t('inbox.newTicket'), 'plus', 'c'))
  const solve = () => void solveOrReopen(those())
  useAction({ id: 'in.solve', group, name: t('inbox.solveOrReopen'), icon: 'check', keys: 'e', run: solve })
  const quiet = () => void solveUnanswered(those())
  useAction({ id: 'in.no-answer', group, name: t('inbox.noAnswer'), icon: 'check', keys: 'q', run: quiet })
  const junk = () => void markSpam(those())
  useAction({ id: 'in.spam', group, name: t('inbox.spamOrNot'), icon: 'warning', keys: '!', run: junk })
  const next = () => void openNext(openId)
  useAction({ id: 'in.next', group, name: t('inbox.nextTicket'), icon: 'right', keys: '.', run: next })
}

/** Whether all of these are solved already. */
export function areSolved(ids: readonly string[]): boolean {
  const lines = linesOf(ids)
  return lines.length > 0 && lines.every(({ status }) => status === 'solved' || status === 'closed')
}

/** Solves; what is solved altogether is opened again. */
export async function solveOrReopen(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const solved = areSolved(ids)
  const done = t(solved ? 'inbox.wasReopened' : 'inbox.wasSolved', { count: ids.length })
  await change(ids, { status: solved ? 'open' : 'solved' }, done)
}

/** Puts aside until the customer writes. */
async function restForReply(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await change(ids, { snoozedUntil: 'reply' }, t('inbox.restsForReply', { count: ids.length }))
}

/** Solves what needs no answer, as it was solved before. */
export async function solveUnanswered(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await change(ids, { noAnswer: true }, t('inbox.neededNoAnswer', { count: ids.length }))
}

/** Marks as spam; what is altogether is let in again. */
export async function markSpam(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const spam = !linesOf(ids).every((line) => line.spam)
  await change(ids, { spam }, t(spam ? 'inbox.wasSpam' : 'inbox.wasNoSpam', { count: ids.length }))
}
