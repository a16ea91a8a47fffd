import { permissionsOfRole } from '@lahko/contract'
import { everyMember, getWorkspace, originForMail, type MemberRow, type WorkspaceRow } from '#accounts'
import type { DueKind } from '#platform/due.ts'
import type { House } from '#platform/house.ts'
import { countFailedMails } from '#platform/mail/mails.queries.ts'
import type { DigestSection, Module } from '#platform/module.ts'
import type { Db, Scope, Tx } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { daysToTell, nextDigestAt } from './digest-times.ts'
import { writeDigest } from './digest-mail.ts'
import { nextMoment, queueNoticeMail } from './notifying.ts'
import { listNotices, lockNotices } from './notices.queries.ts'
import { readerOfMember } from './readers.ts'
import {
  listDueDigests,
  lockDueDigest,
  postponeDueDigest,
  updateSettings,
  type SettingsRow,
} from './settings.queries.ts'

const mostAtOnce = 20
const mostAlarms = 20
/** What could not be told is tried again. */
const againAfterMs = 3_600_000

/** Each member's digest, at their own hour. With nothing to say there is none. */
export function digestsDue(house: House, modules: readonly Module[]): DueKind[] {
  return [{ name: 'digests', work: (scope, stopping) => tellDue(house, modules, scope, stopping) }]
}

/** A digest that cannot be told holds up no other, and is tried again within the hour. */
async function tellDue(house: House, modules: readonly Module[], scope: Scope, stopping: AbortSignal) {
  const due = await house.store.read(scope, (db) => listDueDigests(db, mostAtOnce))
  if (due.length === 0) return false
  const desk = await deskOf(house, modules, scope)
  const failures: unknown[] = []
  for (const row of due) {
    if (stopping.aborted) return true
    await tellOne(desk, row).catch(async (error: unknown) => {
      failures.push(error)
      const until = new Date(house.clock.now().getTime() + againAfterMs)
      await house.store.write(scope, (tx) => postponeDueDigest(tx, row.member_id, until))
    })
  }
  if (failures.length > 0) throw new AggregateError(failures, 'digests were not told')
  return true
}

type Days = { from: string; to: string }
type Desk = {
  house: House
  scope: Scope
  workspace: WorkspaceRow
  members: ReadonlyMap<string, MemberRow>
  /** What links begin with. */
  app: string
  sections(member: MemberRow, days: Days): Promise<DigestSection[]>
}

async function deskOf(house: House, modules: readonly Module[], scope: Scope): Promise<Desk> {
  const { workspace, all, app } = await house.store.read(scope, async (db) => ({
    workspace: await getWorkspace(db),
    all: await everyMember(db),
    app: `${await originForMail(house, db)}/app`,
  }))
  const members = new Map(all.map((member) => [member.id, member]))
  return { house, scope, workspace, members, app, sections: sectionsOf(house, modules, scope, app) }
}

/** What the modules say, counted once for all who read the same. */
function sectionsOf({ store }: House, modules: readonly Module[], scope: Scope, app: string): Desk['sections'] {
  const known = new Map<string, Promise<DigestSection[]>>()
  return ({ language, role }, days) => {
    const about = { days, language, permissions: new Set(permissionsOfRole[role]), app }
    const read = async (db: Db) => {
      const said: DigestSection[] = []
      for (const { digest } of modules) said.push(...((await digest?.(db, about)) ?? []))
      return said
    }
    const key = [days.from, days.to, language, role].join(' ')
    const found = known.get(key) ?? store.read(scope, read)
    known.set(key, found)
    return found
  }
}

async function tellOne(desk: Desk, row: SettingsRow): Promise<void> {
  const { house, scope, workspace } = desk
  const member = desk.members.get(row.member_id)
  const days = daysToTell(house.clock.now(), workspace.time_zone, row.digest_through)
  const said = member && days ? await desk.sections(member, days) : []
  await house.store.write(scope, async (tx) => {
    if (!member || !(await lockDueDigest(tx, row))) return
    const next = nextDigestAt(tx.now, row.digest_hour!, row.time_zone ?? workspace.time_zone)
    const told = days && (await queueDigest(tx, desk, { member, row, days }, said))
    await updateSettings(tx, row.member_id, { digest_due_at: next, ...told })
  })
}

type Digest = { member: MemberRow; row: SettingsRow; days: Days }

/** @returns what has been told by it */
async function queueDigest(tx: Tx, { house, workspace, app }: Desk, digest: Digest, said: readonly DigestSection[]) {
  const { member, days } = digest
  const { language } = member
  // Nobody tells anything while it is read, so that the next digest goes on exactly where this one ends.
  await lockNotices(tx)
  const told = { digest_through: days.to, digest_told_at: await nextMoment(house, tx) }
  const sections = [...said, ...(await alarmsSince(tx, digest)), ...(await failuresSince(tx, digest))]
  if (sections.length > 0)
    await queueNoticeMail(house, tx, member, workspace, writeDigest({ language, days, sections, app }))
  return told
}

async function alarmsSince(tx: Tx, { member, row }: Digest): Promise<DigestSection[]> {
  const { language } = member
  const reader = { ...readerOfMember(member), kinds: ['effort_alarm' as const] }
  const since = row.digest_told_at
  const alarms = (await listNotices(tx, reader, { since, limit: mostAlarms })).filter(({ mute_id: mute }) => !mute)
  if (alarms.length === 0) return []
  const lines = alarms.map(({ topic, data }) => words(language, 'notices.digest.alarm', { ...data, topic }))
  return [{ title: words(language, 'notices.digest.alarms'), lines, quotes: [] }]
}

async function failuresSince(tx: Tx, { member, row }: Digest): Promise<DigestSection[]> {
  const { language, role } = member
  if (!permissionsOfRole[role].includes('surveys.write')) return []
  const count = await countFailedMails(tx, row.digest_told_at)
  if (count === 0) return []
  const title = words(language, 'notices.digest.mail')
  return [
    { title, lines: [words(language, 'notices.digest.failed', { count })], quotes: [], path: '/outbox?state=failed' },
  ]
}
