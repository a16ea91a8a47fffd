import type { ProblemBody } from '@lahko/contract/problems'
import type { FastifyRequest } from 'fastify'
import { html } from 'hono/html'

/** How a page shows a problem to a person. */
export function problemPage(request: FastifyRequest, problem: ProblemBody): string {
  return String(
    html`<!doctype html><html lang="${request.language}"><title>${problem.title}</title><h1>${problem.title}</h1><p>${problem.requestId}</p></html>`,
  )
}
