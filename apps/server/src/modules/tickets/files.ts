import { detectMimeType } from 'nodemailer/lib/mime-funcs'
import type { Attachment } from '@lahko/contract/tickets'
import type { FastifyReply } from 'fastify'
import { insertFile, type FileRow, type WholeFile } from '#platform/files.queries.ts'
import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import { pictureType } from '#platform/picture-types.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import type { Db, Tx } from '#platform/store.ts'
import { countUnusedBytes, deleteUnused, findFile, listSendable } from './files.queries.ts'

/** The largest file that is taken, in bytes. */
export const mostBytesOfFile = 25 * 1024 * 1024
/** Together with what encodes them, more is refused by most servers. */
const mostBytesOfMessage = 25 * 1024 * 1024
const mostUnusedBytes = 2 * 1024 ** 3
const keptUnusedMs = 7 * 86_400_000
const forgottenAtOnce = 100

/** What runs when it is opened: mail servers refuse it, and nobody should be taught to open it. */
export const refusedEndings =
  /\.(ade|adp|apk|app|appx|bat|chm|cmd|com|cpl|diagcab|dll|dmg|exe|hta|inf|ins|iso|jar|js|jse|lnk|mde|msc|msi|msix|msp|mst|nsh|pif|ps1|reg|scf|scr|sct|shb|sys|vb|vbe|vbs|vhd|vxd|wsc|wsf|wsh|xll)$/i

/**
 * Keeps what is to be attached.
 * @throws Problem invalid `files.refused_type` at the name; conflict `files.too_many_unused`
 */
export async function keepFile(tx: Tx, name: string, content: Buffer): Promise<Attachment> {
  const plain = plainName(name)
  const ending = refusedEndings.exec(plain)?.[0]
  if (ending !== undefined) throw invalidField('/query/name', 'files.refused_type', { ending })
  if ((await countUnusedBytes(tx)) + content.length > mostUnusedBytes) {
    throw new Problem('conflict', 'files.too_many_unused', { gigabytes: mostUnusedBytes / 2 ** 30 })
  }
  const mediaType = pictureType(content) ?? typeByName(plain)
  // A key has no member; its uploads are its workspace's.
  const uploadedBy = tx.actor.kind === 'member' ? tx.actor.memberId : tx.workspaceId
  return { ...(await insertFile(tx, { name: plain, mediaType, content, uploadedBy })), contentId: null }
}

/**
 * The files that are to be sent with a ticket, in the order in which they were named.
 * @throws Problem invalid at the file that is not there, or when they are too large together
 */
export async function demandFiles(tx: Tx, ids: readonly string[], ticketIds: readonly string[]): Promise<FileRow[]> {
  const known = new Map((await listSendable(tx, ids, ticketIds)).map((file) => [file.id, file]))
  const missing = ids.findIndex((id) => !known.has(id))
  if (missing >= 0) throw invalidField(`/body/fileIds/${missing}`, 'files.not_there')
  const files = ids.map((id) => known.get(id)!)
  if (files.reduce((sum, { size }) => sum + size, 0) > mostBytesOfMessage) {
    throw invalidField('/body/fileIds', 'files.too_large_together', { megabytes: mostBytesOfMessage / 2 ** 20 })
  }
  return files
}

/** @throws Problem not_found */
export async function getFile(db: Db, id: string): Promise<WholeFile> {
  const file = await findFile(db, id)
  if (!file) throw new Problem('not_found', 'platform.not_found')
  return file
}

/** Hands a file to a browser: pictures are shown, everything else is saved, and nothing in it ever runs. */
export function sendFile(file: WholeFile, reply: FastifyReply): FastifyReply {
  const shown = pictureType(file.content)
  const ascii = file.name.replaceAll(/[^\x20-\x7e]|["%\\]/g, '_')
  return reply
    .type(shown ?? 'application/octet-stream')
    .header(
      'content-disposition',
      `${shown ? 'inline' : 'attachment'}; filename="${ascii}"; filename*=UTF-8''${encoded(file.name)}`,
    )
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('cache-control', 'private, max-age=86400, immutable')
    .send(file.content)
}

/** Forgets uploads with which nothing was sent. */
export function forgetFilesTask({ store }: House): Task {
  return {
    name: 'forget_unused_files',
    daily: true,
    async run(scope, _, stopping) {
      const forget = () =>
        store.write(scope, (tx) => deleteUnused(tx, new Date(tx.now.getTime() - keptUnusedMs), forgottenAtOnce))
      while (!stopping.aborted && (await forget()) === forgottenAtOnce) continue
    },
  }
}

/** Without folders, and without what turns a name around or breaks a header. */
function plainName(given: string): string {
  const name = (given.split(/[/\\]/).at(-1) ?? '')
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '')
    .replace(/[. ]+$/, '')
    .trim()
  return name === '' ? 'file' : name
}

function encoded(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`)
}

function typeByName(name: string): string {
  const type = detectMimeType(name)
  // What says that it is a picture, and is none, is shown as none.
  return type.startsWith('image/') && type !== 'image/svg+xml' ? 'application/octet-stream' : type
}
