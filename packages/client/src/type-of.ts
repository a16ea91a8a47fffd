/** As much of JSON Schema as the contract uses. */
export type JsonSchema = {
  type?: string | string[]
  description?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: boolean | JsonSchema
  items?: JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  enum?: unknown[]
  const?: unknown
  $ref?: string
}

const plain: Readonly<Record<string, string>> = {
  ...{ string: 'string', number: 'number', integer: 'number', boolean: 'boolean', null: 'null' },
}

/** What a schema takes, as TypeScript writes it. @throws Error for what the contract has not used so far */
export function typeOf(schema: JsonSchema): string {
  if (schema.$ref !== undefined) throw new Error(`A schema refers to ${schema.$ref}, which this cannot write down.`)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return [...new Set(choices.map(partOf))].join(' | ')
  if (schema.allOf) return schema.allOf.map(partOf).join(' & ')
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ')
  if (schema.type === 'array') return `${partOf(schema.items ?? {})}[]`
  if (schema.type === 'object') return objectOf(schema)
  return schema.type === undefined ? 'unknown' : (plain[schema.type] ?? unwritable(schema.type))
}

function objectOf({ properties, required = [], additionalProperties }: JsonSchema): string {
  if (!properties) {
    return `Record<string, ${typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown'}>`
  }
  const fields = Object.entries(properties).map(([name, inner]) => {
    const note = inner.description ? `/** ${inner.description.replaceAll('*/', '')} */ ` : ''
    const key = /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)
    return `${note}${key}${required.includes(name) ? '' : '?'}: ${typeOf(inner)}`
  })
  return fields.length === 0 ? 'Record<string, never>' : `{ ${fields.join('; ')} }`
}

/** The same where something stands beside it. */
function partOf(schema: JsonSchema): string {
  const several = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? schema.enum ?? Array.isArray(schema.type)
  return several && schema.const === undefined ? `(${typeOf(schema)})` : typeOf(schema)
}

function unwritable(type: string): never {
  throw new Error(`A schema is a ${type}, which this cannot write down.`)
}
