import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { listWholeFiles } from '#platform/files.queries.ts'
import type { House } from '#platform/house.ts'
import type { Module } from '#platform/module.ts'
import { Problem } from '#platform/problem.ts'
import { findShownPicture } from './help.queries.ts'
import { readerOf } from './readers.ts'

/** The pictures of articles, to whoever may read one that shows them. */
export function picturePages(app: FastifyInstance, house: House, modules: readonly Module[]): void {
  app.get('/help/pictures/:name', { schema: { hide: true } }, (request, reply) =>
    sendPicture({ house, modules, request, reply }),
  )
}

type Visit = { house: House; modules: readonly Module[]; request: FastifyRequest; reply: FastifyReply }

/**
 * What everybody may see stays in a browser for good, and in no cache between: a narrowed audience binds everybody who
 * has not seen it yet. What only some may see is asked for each time.
 */
async function sendPicture({ house, modules, request, reply }: Visit): Promise<FastifyReply> {
  const { name } = request.params as { name: string }
  const [, id, narrow] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(\.narrow)?\.webp$/.exec(name) ?? []
  const tag = `"${id}${narrow ?? ''}"`
  const found = await house.store.read(request.scope, async (db) => {
    if (id === undefined) throw nothingHere()
    const shown = await findShownPicture(db, await readerOf(db, request, modules), id)
    const fileId = narrow ? shown?.narrow_file_id : shown?.file_id
    if (!shown || !fileId) throw nothingHere()
    const isKnown = request.headers['if-none-match'] === tag
    return { ...shown, file: isKnown ? undefined : (await listWholeFiles(db, [fileId]))[0] }
  })
  reply.headers({
    'cache-control': found.isPublic ? 'private, max-age=31536000, immutable' : 'private, no-cache',
    'content-security-policy': "sandbox; default-src 'none'",
    etag: tag,
  })
  return found.file ? reply.type('image/webp').send(found.file.content) : reply.code(304).send()
}

function nothingHere(): Problem {
  return new Problem('not_found', 'platform.no_such_address')
}
