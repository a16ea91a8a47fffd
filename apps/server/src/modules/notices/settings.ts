import { noticeKinds, type NoticeSettings } from '@lahko/contract'
import { everyMember, getWorkspace } from '#accounts'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import { daysAfter, localDateOf } from '#platform/local-date.ts'
import type { Tx } from '#platform/store.ts'
import { nextDigestAt, usualHour } from './digest-times.ts'
import {
  findSettings,
  insertSettings,
  lockAllSettings,
  lockSettings,
  updateSettings,
  type SettingsRow,
} from './settings.queries.ts'

export const prepareTask = 'prepare_notices'

/** Gives members who came the usual settings, and reckons digests anew when the workspace's time zone changed. */
export function prepareTasks({ store }: House): Task[] {
  return [{ name: prepareTask, daily: true, run: (scope) => store.write(scope, prepareAll) }]
}

async function prepareAll(tx: Tx): Promise<void> {
  const known = await lockAllSettings(tx)
  const have = new Set(known.map(({ member_id: id }) => id))
  const strangers = (await everyMember(tx)).filter(({ id }) => !have.has(id)).map(({ id }) => id)
  await prepare(tx, strangers)
  const { time_zone: zone } = await getWorkspace(tx)
  for (const row of known) {
    if (row.digest_hour === null || row.digest_due_at === null || row.digest_due_at <= tx.now) continue
    const dueAt = nextDigestAt(tx.now, row.digest_hour, row.time_zone ?? zone)
    if (dueAt.getTime() !== row.digest_due_at.getTime())
      await updateSettings(tx, row.member_id, { digest_due_at: dueAt })
  }
}

async function prepare(tx: Tx, memberIds: readonly string[]): Promise<void> {
  if (memberIds.length === 0) return
  const { time_zone: zone } = await getWorkspace(tx)
  await insertSettings(tx, memberIds, {
    hour: usualHour,
    dueAt: nextDigestAt(tx.now, usualHour, zone),
    // What happened before somebody came is no news to them.
    through: daysAfter(localDateOf(tx.now, zone), -1),
  })
}

/** A member's settings, made when there are none yet. */
export async function ensureSettings(tx: Tx, memberId: string): Promise<SettingsRow> {
  const found = await findSettings(tx, memberId)
  if (found) return found
  await prepare(tx, [memberId])
  return (await findSettings(tx, memberId))!
}

export type SettingsChange = {
  timeZone?: string | null
  digestHour?: number | null
  mails?: Partial<NoticeSettings['mails']>
  newTickets?: boolean
  unownedMinutes?: number | null
}

/** Changes a member's own settings; what is left out stays. */
export async function changeSettings(tx: Tx, memberId: string, change: SettingsChange): Promise<SettingsRow> {
  await ensureSettings(tx, memberId)
  const before = (await lockSettings(tx, memberId))!
  const { mails, newTickets, unownedMinutes } = change
  const off = noticeKinds.filter((kind) => !(mails?.[kind] ?? !before.mails_off.includes(kind)))
  await updateSettings(tx, memberId, {
    ...(mails && { mails_off: off }),
    ...(newTickets !== undefined && { new_tickets: newTickets }),
    ...(unownedMinutes !== undefined && { unowned_minutes: unownedMinutes }),
    ...((change.timeZone !== undefined || change.digestHour !== undefined) && (await hourOf(tx, before, change))),
  })
  return (await findSettings(tx, memberId))!
}

/** When the digest comes; who had none is not told what happened meanwhile. */
async function hourOf(tx: Tx, before: SettingsRow, change: SettingsChange) {
  const { timeZone: zone = before.time_zone, digestHour: hour = before.digest_hour } = change
  const { time_zone: home } = await getWorkspace(tx)
  const begins = before.digest_hour === null && hour !== null
  return {
    time_zone: zone,
    digest_hour: hour,
    digest_due_at: hour === null ? null : nextDigestAt(tx.now, hour, zone ?? home),
    ...(begins && { digest_through: daysAfter(localDateOf(tx.now, home), -1), digest_told_at: tx.now }),
  }
}
