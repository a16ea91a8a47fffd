import { jsonSchemaTransform, jsonSchemaTransformObject } from '@fastify/type-provider-zod'
import type { SwaggerOptions } from '@fastify/swagger'
import type { Entry } from '@lahko/contract/entry'
import { problemBody } from '@lahko/contract/problems'
import { z } from 'zod'

const problem = {
  description: 'What went wrong (RFC 9457). `code` is stable; `errors` name the fields.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}
const retryKey = {
  type: 'object',
  properties: {
    'idempotency-key': {
      type: 'string',
      description: 'Chosen by the caller; the same key again is the same request, however often it arrives.',
    },
  },
}
const bytes = { body: { type: 'string', format: 'binary' }, consumes: ['application/octet-stream'] }

/** What the OpenAPI document is made with: of each contract entry its schemas, its problems, who may call it. */
export const apiDocument: SwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: { title: 'Lahko', version: '1', description: 'Customer effort, measured and lowered.' },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: z.toJSONSchema(problemBody, { target: 'draft-2020-12' }) as object },
    },
    security: [{ key: [] }],
  },
  transform: (given) => {
    const { schema, url } = jsonSchemaTransform(given)
    const { entry } = given.route.config ?? {}
    return { schema: entry ? { ...schema, ...extrasOf(entry, schema) } : schema, url }
  },
  transformObject: jsonSchemaTransformObject,
}

function extrasOf(entry: Entry, { response }: { response?: unknown }): object {
  return {
    response: { ...(response ?? { [entry.status]: { description: 'Done' } }), default: problem },
    ...(entry.permission === null && { security: [{}, { key: [] }] }),
    ...(entry.keyed && { headers: retryKey }),
    ...(entry.content === 'upload' && bytes),
  }
}
