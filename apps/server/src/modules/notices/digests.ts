import { permissionsOfRole } from '@lahko/contract'
import { getWorkspace, originForMail, type MemberRow, type WorkspaceRow } from '#accounts'
import type { DueKind } from '#platform/due.ts'
import type { House } from '#platform/house.ts'
import { countFailedMails } from '#platform/mail/mails.queries.ts'
import type { DigestSection, Module } from '#platform/module.ts'
import type { Tx } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { daysToTell, nextDigestAt } from './digest-times.ts'
import { writeDigest } from './digest-mail.ts'
import { queueNoticeMail } from './notifying.ts'
import { listNotices } from './notices.queries.ts'
import { allMembers, readerOfMember } from './readers.ts'
import { lockDueDigests, updateSettings, type SettingsRow } from './settings.queries.ts'

const mostAtOnce = 20
const mostAlarms = 20
const dayMs = 86_400_000

/** Each member's digest, at their own hour. With nothing to say there is none. */
export function digestsDue(house: House, modules: readonly Module[]): DueKind[] {
  return [
    { name: 'digests', work: async (scope) => (await house.store.write(scope, (tx) => tell(house, modules, tx))) > 0 },
  ]
}

async function tell(house: House, modules: readonly Module[], tx: Tx): Promise<number> {
  const due = await lockDueDigests(tx, mostAtOnce)
  if (due.length === 0) return 0
  const workspace = await getWorkspace(tx)
  const members = new Map((await allMembers(tx)).map((member) => [member.id, member]))
  for (const row of due) {
    const days = daysToTell(tx.now, workspace.time_zone, row.digest_through)
    if (days) await tellOne(house, modules, tx, { workspace, member: members.get(row.member_id)!, row, days })
    await updateSettings(tx, row.member_id, {
      ...row,
      digest_due_at: nextDigestAt(tx.now, row.digest_hour!, row.time_zone ?? workspace.time_zone),
      digest_through: days?.to ?? row.digest_through,
    })
  }
  return due.length
}

type Digest = { workspace: WorkspaceRow; member: MemberRow; row: SettingsRow; days: { from: string; to: string } }

async function tellOne(house: House, modules: readonly Module[], tx: Tx, digest: Digest): Promise<void> {
  const { workspace, member, days } = digest
  const app = `${await originForMail(house, tx.workspaceId)}/app`
  const { language, role } = member
  const about = { days, language, permissions: new Set(permissionsOfRole[role]), app }
  const sections: DigestSection[] = []
  for (const { digest: said } of modules) sections.push(...((await said?.(tx, about)) ?? []))
  sections.push(...(await alarmsSince(tx, digest)), ...(await failuresSince(tx, digest)))
  if (sections.length === 0) return
  await queueNoticeMail(house, tx, member, workspace, writeDigest({ language, days, sections, app }))
}

/** From the same hour of the day before the days that are told, so that nothing falls between two digests. */
function sinceWhen({ days }: Digest, now: Date): Date {
  const length = (Date.parse(days.to) - Date.parse(days.from)) / dayMs + 1
  return new Date(now.getTime() - length * dayMs)
}

async function alarmsSince(tx: Tx, digest: Digest): Promise<DigestSection[]> {
  const { language } = digest.member
  const reader = { ...readerOfMember(digest.member), kinds: ['effort_alarm' as const] }
  const since = sinceWhen(digest, tx.now)
  const alarms = (await listNotices(tx, reader, { since, limit: mostAlarms })).filter(({ mute_id: mute }) => !mute)
  if (alarms.length === 0) return []
  const lines = alarms.map(({ topic, data }) => words(language, 'notices.digest.alarm', { ...data, topic }))
  return [{ title: words(language, 'notices.digest.alarms'), lines, quotes: [] }]
}

async function failuresSince(tx: Tx, digest: Digest): Promise<DigestSection[]> {
  const { language, role } = digest.member
  if (!permissionsOfRole[role].includes('surveys.write')) return []
  const count = await countFailedMails(tx, sinceWhen(digest, tx.now))
  if (count === 0) return []
  const title = words(language, 'notices.digest.mail')
  return [
    { title, lines: [words(language, 'notices.digest.failed', { count })], quotes: [], path: '/outbox?state=failed' },
  ]
}
