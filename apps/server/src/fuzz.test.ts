import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Entry } from '@lahko/contract'
import { apiPrefix } from './platform/http.ts'
import { testHouse, type TestHouse } from './platform/testing/house.ts'
import { keyOf, subjectsOf, testWorkspace, type Subjects } from './testing/workspace.ts'

/**
 * Hostile requests made from the OpenAPI document: each place of each request gets each hostile value in turn. The
 * order of everything is fixed, so a failure comes again.
 */

type Schema = {
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  format?: string
  minimum?: number
  minItems?: number
  minLength?: number
}
type Parameter = { name: string; in: string; schema: Schema }
type Operation = { parameters?: Parameter[]; requestBody?: { content: Record<string, { schema: Schema }> } }
type Place = (string | number)[]

const deep = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown
const hostile: unknown[] = [
  ...[null, true, -1, 0.5, 1e308, 2 ** 53, '', ' ', '0', [], {}, [null], { a: { b: { c: 1 } } }],
  ...[
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\udfff\ud800',
    '‮',
    'ž'.repeat(20_000),
    "'; drop table x --",
    '<script>',
    '%s%n',
    '../../etc',
  ],
  ...['2026-02-30', '9999-99-99', '0000-01-01T00:00:00Z', '+999999-01-01T00:00:00Z', 'NaN', 'Infinity'],
  ...[deep(400), Array.from({ length: 3000 }, () => 1), JSON.parse('{"__proto__":{"x":1},"constructor":1}')],
]
const rawBodies = [
  '',
  '{',
  '[]',
  '"x"',
  'null',
  '{"a":1}{"b":2}',
  '\u0000',
  '{"a":"\\ud800"}',
  `${'['.repeat(50_000)}`,
  '\ufeff{}',
  'x'.repeat(3 * 1024 * 1024),
]
// Signing out or leaving would end the run; these are tested with their modules.
const leftOut = new Set(['GET /api/v1/live', 'POST /api/v1/demo'])

const unknownId = '018f0000-0000-7000-8000-000000000000'

let house: TestHouse
let key: string
let subjects: Subjects
before(async () => {
  house = await testHouse()
  // A body that is refused unread is never read to its end here, and there is no socket that could be closed over it.
  house.app.server.removeAllListeners('clientError')
  const workspace = await testWorkspace(house, 'fuzz')
  key = await keyOf(house, workspace)
  subjects = await subjectsOf(house, workspace)
})
after(() => house.close())

test('no request made from the document of the API is ever a bug of ours', async () => {
  const document = (await house.app.inject('/api/v1/openapi.json')).json() as {
    paths: Record<string, Record<string, Operation>>
  }
  let cases = 0
  const failures: string[] = []
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      if (leftOut.has(`${method.toUpperCase()} ${path}`)) continue
      const statuses = new Set<number>()
      for (const request of requestsOf(method.toUpperCase(), path, operation)) {
        cases++
        await expectNoBug(request).then(
          (status) => statuses.add(status),
          (error: Error) => failures.push(error.message),
        )
        if (failures.length === 20) break
      }
      if (method !== 'delete' && path.includes('{id}') && [...statuses].every((status) => status === 404))
        failures.push(`${method} ${path} was never reached`)
    }
  }
  assert.deepEqual(failures, [])
  assert.ok(cases >= 3000, `only ${cases} cases`)
})

type Hostile = { method: string; url: string; payload?: string; type?: string }

function* requestsOf(method: string, path: string, operation: Operation): Generator<Hostile> {
  const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
  const inQuery = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query')
  const ids = idsOf(method, path)
  const urlWith = (values: Record<string, string>) =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ids[name] ?? unknownId)
  const schema = operation.requestBody?.content['application/json']?.schema
  const valid = schema ? sample(schema) : undefined
  const payload = valid === undefined ? undefined : JSON.stringify(valid)
  for (const { name } of inPath) {
    for (const value of ['x', '%00', '%ff', '%ED%A0%80', 'a'.repeat(199), '..%2f', '0'])
      yield { method, url: urlWith({ [name]: value }), payload }
  }
  for (const { name } of inQuery) {
    for (const value of [
      '%00',
      '%ff',
      'x'.repeat(5000),
      '-1',
      '1e99',
      'null',
      '2026-13-45',
      '%ED%A0%80',
      `a&${name}=b`,
      '%22%27%5C',
    ])
      yield { method, url: `${urlWith({})}?${name}=${value}`, payload }
  }
  if (schema === undefined) return
  for (const raw of rawBodies) yield { method, url: urlWith({}), payload: raw }
  yield { method, url: urlWith({}), payload: 'a=b', type: 'application/x-www-form-urlencoded' }
  yield { method, url: urlWith({}), payload: '<x/>', type: 'text/xml' }
  for (const place of placesIn(valid))
    for (const value of hostile)
      yield { method, url: urlWith({}), payload: JSON.stringify(replaced(valid, place, value)) }
}

/** Of things that are there, so that what is hostile gets past looking them up. Whatever a DELETE took would be gone. */
function idsOf(method: string, path: string): Record<string, string | undefined> {
  if (method === 'DELETE') return {}
  return subjects.paramsFor('', { path: path.replace(apiPrefix, '').replaceAll(/\{(\w+)\}/g, ':$1') } as Entry)
}

/** The status that came. */
async function expectNoBug({ method, url, payload, type = 'application/json' }: Hostile): Promise<number> {
  const reply = await house.app.inject({
    method: method as 'GET',
    url,
    headers: { authorization: `Bearer ${key}`, ...(payload === undefined ? {} : { 'content-type': type }) },
    payload,
  })
  const told = `${method} ${url.slice(0, 200)} ${payload?.slice(0, 300)} → ${reply.statusCode} ${reply.body.slice(0, 400)}`
  assert.ok(reply.statusCode < 500, told)
  if (reply.statusCode < 400) return reply.statusCode
  assert.match(String(reply.headers['content-type']), /^application\/problem\+json/, told)
  const problem = reply.json() as {
    title: string
    code: string
    requestId: string
    errors: { field: string; message: string }[]
  }
  assert.ok(problem.title.length > 10 && problem.code && problem.requestId, told)
  if (reply.statusCode !== 400) return reply.statusCode
  assert.ok(problem.errors.length > 0, told)
  for (const { field, message } of problem.errors) assert.ok(field.startsWith('/') && message, told)
  return reply.statusCode
}

/** A request that fits the schema as far as a schema can say. */
function sample(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const first = (schema.anyOf ?? schema.oneOf ?? schema.allOf)?.[0]
  if (first) return sample(first)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object')
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, sample(inner)]))
  if (type === 'array')
    return Array.from({ length: Math.max(1, schema.minItems ?? 1) }, () => sample(schema.items ?? {}))
  if (type === 'integer' || type === 'number') return Math.max(1, schema.minimum ?? 1)
  if (type === 'boolean') return true
  if (type === 'string') return sampleText(schema)
  return {}
}

function sampleText({ format, minLength = 1 }: Schema): string {
  if (format === 'uuid') return unknownId
  if (format === 'email') return 'ana@example.com'
  if (format === 'date-time') return '2026-11-01T10:00:00Z'
  if (format === 'date') return '2026-11-01'
  return 'ab'.padEnd(minLength, 'a')
}

function* placesIn(value: unknown, here: Place = []): Generator<Place> {
  yield here
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value))
    yield* placesIn(inner, [...here, Array.isArray(value) ? Number(key) : key])
}

function replaced(value: unknown, [first, ...rest]: Place, by: unknown): unknown {
  if (first === undefined) return by
  const copy = structuredClone(value) as Record<string | number, unknown>
  copy[first] = replaced(copy[first], rest, by)
  return copy
}
