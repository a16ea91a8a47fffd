import type { z } from 'zod'
import type { ApiKey, FailedJob, Member, MemberInvitation, Workspace } from '@lahko/contract'
import type { session } from '@lahko/contract/accounts'
import type { FailedJob as FailedJobRow } from '#platform/failed-jobs.ts'
import type { ApiKeyRow } from './keys.queries.ts'
import type { MemberInvitationRow } from './member-invitations.queries.ts'
import type { MemberRow } from './members.queries.ts'
import type { OpenSessionRow } from './sessions.queries.ts'
import type { WorkspaceRow } from './workspaces.queries.ts'

export function viewWorkspace(row: WorkspaceRow): Workspace {
  return {
    id: row.workspace_id,
    slug: row.slug,
    name: row.name,
    language: row.language,
    timeZone: row.time_zone,
    kind: row.kind,
    accentHue: row.accent_hue,
    accentChroma: row.accent_chroma,
    logoUrl: logoUrl(row),
    keepMonths: row.keep_months,
    keepSearchesMonths: row.keep_searches_months,
    ownAddresses: row.own_addresses,
    postalAddress: row.postal_address,
    contactEmail: row.contact_email,
    contactPhone: row.contact_phone,
    privacyUrl: row.privacy_url,
    accessibilityUrl: row.accessibility_url,
    imprintUrl: row.imprint_url,
  }
}

/** The logo's address on the workspace's own host; it changes with the logo, so that caches may keep it for good. */
function logoUrl({ logo_version: version }: Pick<WorkspaceRow, 'logo_version'>): string | null {
  return version === null ? null : `/logo?v=${version}`
}

/** The logo's address for mails: over HTTPS, or none. */
export function logoForMail(row: WorkspaceRow, origin: string): string | null {
  const path = logoUrl(row)
  return path !== null && origin.startsWith('https:') ? origin + path : null
}

export function viewMember(row: MemberRow): Member {
  return { id: row.id, name: row.name, email: row.email, role: row.role, createdAt: row.created_at.toISOString() }
}

export function viewMemberInvitation(row: MemberInvitationRow): MemberInvitation {
  const { id, email, role, mail_state: mail } = row
  const [mailedAt, expiresAt] = [row.mailed_at.toISOString(), row.expires_at.toISOString()]
  return { id, email, role, mail, mailedAt, expiresAt }
}

export function viewSession(row: OpenSessionRow, current: string): z.infer<typeof session> {
  return {
    id: row.id,
    current: row.id === current,
    userAgent: row.user_agent,
    createdAt: row.created_at.toISOString(),
    seenAt: row.seen_at.toISOString(),
  }
}

export function viewKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    hint: row.hint,
    scopes: row.scopes,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  }
}

/** Of the error its first line: what follows is where in the program it happened. */
export function viewFailedJob({ id, task, error, failed_at }: FailedJobRow): FailedJob {
  return { id, task, error: error.split('\n')[0]!, failedAt: failed_at.toISOString() }
}

/** A page of a list by key: one row more than asked for tells that there is a next one. */
export function pageOf<Row extends { id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
) {
  const shown = rows.slice(0, limit)
  return { items: shown.map(view), next: rows.length > limit ? shown.at(-1)!.id : null }
}
