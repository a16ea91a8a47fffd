import { noticeKinds, type NoticeKind, type NoticeRule, type NoticeRules } from '@lahko/contract'
import { everyMember, type MemberRow } from '#accounts'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import type { Module } from '#platform/module.ts'
import { invalidField } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { listRules, removeFromRules, upsertRule } from './settings.queries.ts'

export const leaverTask = 'remove_from_notice_rules'

/** As long as nobody has decided otherwise. */
const usualRule: NoticeRule = { mail: true, topics: null, members: null }

/** A rule names members by their ids, which no foreign key watches: who leaves goes out of it. */
export function ruleTasks({ store }: House): Task[] {
  return [
    {
      name: leaverTask,
      run: (scope, { subjectId }) => store.write(scope, (tx) => removeFromRules(tx, subjectId as string)),
    },
  ]
}

/** The rule of each kind: what was decided, else mails to all. */
export async function readRules(db: Db): Promise<NoticeRules> {
  return rulesAmong(db, await everyMember(db))
}

/**
 * The same for whoever has read the members. Who has left is named no more, and a rule that named only such people
 * holds for all: silence that nobody chose would be worse than a mail too many.
 */
export async function rulesAmong(db: Db, members: readonly MemberRow[]): Promise<NoticeRules> {
  const rules = await listRules(db)
  const here = new Set(members.map(({ id }) => id))
  const ruleOf = (kind: NoticeKind): NoticeRule => {
    const rule = rules.get(kind) ?? usualRule
    return { ...rule, members: rule.members && thoseHere(rule.members, here) }
  }
  return Object.fromEntries(noticeKinds.map((kind) => [kind, ruleOf(kind)])) as NoticeRules
}

function thoseHere(named: readonly string[], here: ReadonlySet<string>): string[] | null {
  const rest = named.filter((id) => here.has(id))
  return rest.length === 0 && named.length > 0 ? null : rest
}

/** @throws Problem invalid for somebody who is no member, and for a topic that is not there */
export async function setRules(tx: Tx, modules: readonly Module[], rules: NoticeRules): Promise<void> {
  const before = await listRules(tx)
  const members = new Set((await everyMember(tx)).map(({ id }) => id))
  for (const kind of noticeKinds) {
    const stranger = rules[kind].members?.findIndex((id) => !members.has(id)) ?? -1
    if (stranger >= 0) throw invalidField(`/body/${kind}/members/${stranger}`, 'notices.no_member')
    await demandTopics(tx, modules, kind, rules[kind], before.get(kind))
    await upsertRule(tx, kind, rules[kind])
  }
  await emit(tx, { type: 'notice.rules_changed', subjectId: tx.workspaceId })
}

/** What has gone since it was named may stay named, so that a rule can be saved as it was read. */
async function demandTopics(
  tx: Tx,
  modules: readonly Module[],
  kind: NoticeKind,
  { topics }: NoticeRule,
  before: NoticeRule | undefined,
): Promise<void> {
  if (!topics || topics.length === 0) return
  const known = new Set(before?.topics)
  for (const { noticeTopics } of modules)
    for (const id of (await noticeTopics?.[kind]?.(tx, topics)) ?? []) known.add(id)
  const stranger = topics.findIndex((id) => !known.has(id))
  if (stranger >= 0) throw invalidField(`/body/${kind}/topics/${stranger}`, 'notices.no_topic')
}
