import { createHash } from 'node:crypto'
import { emit } from '#platform/events.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import {
  deleteLogo,
  getWorkspace,
  updateWorkspace,
  upsertLogo,
  type WorkspaceChange,
  type WorkspaceRow,
} from './workspaces.queries.ts'

/** The largest logo, in bytes. */
export const largestLogo = 256 * 1024

/** Changes what differs, and says which fields did. */
export async function changeWorkspace(tx: Tx, change: WorkspaceChange): Promise<WorkspaceRow> {
  const before = await getWorkspace(tx)
  const wanted = Object.entries(change).filter(([name, value]) => {
    return value !== undefined && JSON.stringify(value) !== JSON.stringify(before[name as keyof WorkspaceChange])
  })
  if (wanted.length === 0) return before
  await updateWorkspace(tx, Object.fromEntries(wanted))
  await emit(tx, {
    type: 'workspace.changed',
    subjectId: tx.workspaceId,
    data: { fields: wanted.map(([name]) => name) },
  })
  return getWorkspace(tx)
}

/** Sets the logo. @throws Problem too_large beyond 256 KiB, invalid when it is not a PNG, JPEG or WebP image */
export async function setLogo(tx: Tx, content: Buffer): Promise<void> {
  if (content.length > largestLogo) throw new Problem('too_large', 'accounts.logo_too_large')
  const mediaType = imageTypeOf(content)
  if (!mediaType) throw invalidField('/body', 'accounts.not_an_image')
  const version = createHash('sha256').update(content).digest('hex').slice(0, 16)
  await upsertLogo(tx, { media_type: mediaType, content, version })
  await emit(tx, { type: 'workspace.changed', subjectId: tx.workspaceId, data: { fields: ['logo'] } })
}

export async function removeLogo(tx: Tx): Promise<void> {
  if (!(await deleteLogo(tx))) return
  await emit(tx, { type: 'workspace.changed', subjectId: tx.workspaceId, data: { fields: ['logo'] } })
}

/** The kind of an image by its first bytes, whatever its sender calls it. */
function imageTypeOf(content: Buffer): 'image/png' | 'image/jpeg' | 'image/webp' | undefined {
  if (content.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))) return 'image/png'
  if (content.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg'
  const isWebp = content.toString('latin1', 0, 4) === 'RIFF' && content.toString('latin1', 8, 12) === 'WEBP'
  return isWebp ? 'image/webp' : undefined
}
