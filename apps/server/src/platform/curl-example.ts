/** As much of JSON Schema as a body takes to be written down. */
export type BodySchema = {
  type?: string | string[]
  properties?: Record<string, BodySchema>
  required?: string[]
  items?: BodySchema
  anyOf?: BodySchema[]
  oneOf?: BodySchema[]
  enum?: unknown[]
  const?: unknown
  format?: string
  minimum?: number
  minItems?: number
}

type Call = { method: string; path: string; needsKey: boolean; body?: BodySchema; upload?: boolean }

/** A call as a line for a terminal, with what it needs at least; `$LAHKO` is the address of the server. */
export function curlExample({ method, path, needsKey, body, upload }: Call): string {
  const url = `"$LAHKO${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase())}"`
  const parts = [
    'curl',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    url,
    ...(needsKey ? ['-H "Authorization: Bearer $LAHKO_KEY"'] : []),
    ...(upload ? ['-H "Content-Type: application/octet-stream" --data-binary @FILE'] : []),
    ...(body ? [`-H "Content-Type: application/json" -d '${JSON.stringify(leastOf(body))}'`] : []),
  ]
  return parts.join(' ')
}

/** What a schema takes at least. */
function leastOf(schema: BodySchema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const first = (schema.anyOf ?? schema.oneOf)?.[0]
  if (first) return leastOf(first)
  const [type] = [schema.type].flat()
  if (type === 'object') return leastObject(schema)
  if (type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => leastOf(schema.items ?? {}))
  if (type === 'number' || type === 'integer') return Math.max(schema.minimum ?? 0, 0)
  if (type === 'boolean') return true
  return schema.format === 'email' ? 'ana@example.com' : '…'
}

/** What is required; where nothing is, the first field, so that the line says something. */
function leastObject({ properties = {}, required = [] }: BodySchema): Record<string, unknown> {
  const names = required.length > 0 ? required : Object.keys(properties).slice(0, 1)
  return Object.fromEntries(names.map((name) => [name, leastOf(properties[name] ?? {})]))
}
