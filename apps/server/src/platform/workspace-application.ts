import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../workspace/dist', import.meta.url))

/** Serves the agents' application under `/app/`; every address below it that is not a file is its `index.html`. */
export function mountWorkspaceApplication(app: FastifyInstance): void {
  if (!existsSync(`${folder}/index.html`)) return
  void app.register(fastifyStatic, {
    root: `${folder}/assets`,
    prefix: '/app/assets/',
    immutable: true,
    maxAge: '365d',
  })
  const show = (_: unknown, reply: import('fastify').FastifyReply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(readFileSync(`${folder}/index.html`, 'utf8'))
  app.get('/app', { schema: { hide: true } }, show)
  app.get('/app/*', { schema: { hide: true } }, show)
}
