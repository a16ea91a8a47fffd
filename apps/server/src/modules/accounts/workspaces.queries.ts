import type { Language } from '@lahko/contract/values'
import type { DB } from '#platform/database.generated.ts'
import { Problem } from '#platform/problem.ts'
import { tablesOf, type Db, type Tx } from '#platform/store.ts'

const on = tablesOf<Pick<DB, 'workspaces' | 'workspace_logos'>>()

export type WorkspaceRow = {
  workspace_id: string
  slug: string
  name: string
  language: Language
  time_zone: string
  kind: 'company' | 'demo'
  accent_hue: number
  accent_chroma: number
  keep_months: number | null
  keep_searches_months: number
  own_addresses: string[]
  postal_address: string | null
  contact_email: string | null
  contact_phone: string | null
  privacy_url: string | null
  accessibility_url: string | null
  imprint_url: string | null
  created_at: Date
  logo_version: string | null
}

/** The current workspace; undefined for a scope that has none. */
export async function findWorkspace(db: Db): Promise<WorkspaceRow | undefined> {
  const row = await on(db)
    .selectFrom('workspaces')
    .leftJoin('workspace_logos', 'workspace_logos.workspace_id', 'workspaces.workspace_id')
    .selectAll('workspaces')
    .select('workspace_logos.version as logo_version')
    .where('workspaces.workspace_id', '=', db.workspaceId)
    .executeTakeFirst()
  return row as WorkspaceRow | undefined
}

/** @throws Problem not_found */
export async function getWorkspace(db: Db): Promise<WorkspaceRow> {
  const row = await findWorkspace(db)
  if (!row) throw new Problem('not_found', 'platform.not_found')
  return row
}

export type NewWorkspace = {
  slug: string
  name: string
  language: Language
  timeZone: string
  kind: 'company' | 'demo'
}

/** Makes the workspace that the transaction already works in. False when its address is taken. */
export async function insertWorkspace(
  tx: Tx,
  { slug, name, language, timeZone, kind }: NewWorkspace,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await on(tx)
    .insertInto('workspaces')
    .values({ workspace_id: tx.workspaceId, slug, name, language, time_zone: timeZone, kind, created_at: tx.now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

export type WorkspaceChange = Partial<
  Pick<
    WorkspaceRow,
    | 'name'
    | 'language'
    | 'time_zone'
    | 'accent_hue'
    | 'accent_chroma'
    | 'keep_months'
    | 'keep_searches_months'
    | 'own_addresses'
    | 'postal_address'
    | 'contact_email'
    | 'contact_phone'
    | 'privacy_url'
    | 'accessibility_url'
    | 'imprint_url'
  >
>

export async function updateWorkspace(tx: Tx, change: WorkspaceChange): Promise<void> {
  await on(tx).updateTable('workspaces').set(change).where('workspace_id', '=', tx.workspaceId).execute()
}

/** Everything of the workspace goes with it. */
export async function deleteWorkspace(tx: Tx): Promise<void> {
  await on(tx).deleteFrom('workspaces').where('workspace_id', '=', tx.workspaceId).execute()
}

export type LogoRow = { media_type: string; content: Buffer; version: string }

export async function findLogo(db: Db): Promise<LogoRow | undefined> {
  return on(db)
    .selectFrom('workspace_logos')
    .select(['media_type', 'content', 'version'])
    .where('workspace_id', '=', db.workspaceId)
    .executeTakeFirst()
}

export async function upsertLogo(tx: Tx, logo: LogoRow): Promise<void> {
  await on(tx)
    .insertInto('workspace_logos')
    .values({ workspace_id: tx.workspaceId, ...logo })
    .onConflict((conflict) => conflict.column('workspace_id').doUpdateSet(logo))
    .execute()
}

/** False when there was none. */
export async function deleteLogo(tx: Tx): Promise<boolean> {
  const { numDeletedRows } = await on(tx)
    .deleteFrom('workspace_logos')
    .where('workspace_id', '=', tx.workspaceId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
