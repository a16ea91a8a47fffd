import { contract, problemBody, type Entry } from '@lahko/contract'
import { z } from 'zod'
import { typeOf, type JsonSchema } from './type-of.ts'

const modules = Object.entries(contract) as [string, Record<string, Entry>][]

/** Every address of the contract, as the source of a table without schemas. */
export function addressTable(): string {
  const table = Object.fromEntries(
    modules.map(([module, entries]) => [
      module,
      Object.fromEntries(
        Object.entries(entries).map(([name, { method, path, content, keyed }]) => [
          name,
          { method, path, content, keyed },
        ]),
      ),
    ]),
  )
  const type = 'Readonly<Record<string, Readonly<Record<string, Address>>>>'
  return `import type { Address } from "./calling.ts"\n\nexport const addresses: ${type} = ${JSON.stringify(table, null, 2)}`
}

/** The types of all calls, written out: nothing of the validator is left in them. */
export function clientTypes(): { client: string; problem: string } {
  const parts = modules.map(([module, entries]) => {
    const calls = Object.entries(entries).map(([name, entry]) => callOf(name, entry))
    return `  ${module}: {\n${calls.join('\n')}\n  }`
  })
  return {
    client: `import type { CallOptions, Upload } from './calling.ts'\n\nexport type Client = {\n${parts.join('\n')}\n}`,
    problem: `export type ProblemBody = ${typeOf(schemaOf(problemBody, 'output'))}`,
  }
}

function callOf(name: string, entry: Entry): string {
  const { method, path, summary, permission } = entry
  const needs = permission ? ` Needs the scope \`${permission}\`.` : ''
  return `    /** ${summary}. \`${method} ${path}\`.${needs} */\n    ${name}(${givenOf(entry)}): Promise<${replyOf(entry)}>`
}

function givenOf(entry: Entry): string {
  const parts = [
    ...(has(entry.params) ? [`params: ${typeOf(schemaOf(entry.params, 'input'))}`] : []),
    ...(has(entry.query) ? [`query${mayLack(entry.query)}: ${typeOf(schemaOf(entry.query, 'input'))}`] : []),
    ...(has(entry.body) ? [`body: ${typeOf(schemaOf(entry.body, 'input'))}`] : []),
    ...(entry.content === 'upload' ? ['upload: Upload'] : []),
  ]
  if (parts.length === 0) return 'given?: CallOptions'
  const needed = parts.some((part) => !part.startsWith('query?'))
  return `given${needed ? '' : '?'}: { ${parts.join('; ')} } & CallOptions`
}

function replyOf({ content, reply }: Entry): string {
  if (content === 'file') return 'Blob'
  return has(reply) ? typeOf(schemaOf(reply, 'output')) : 'void'
}

function mayLack(query: z.ZodType): '?' | '' {
  return query.safeParse({}).success ? '?' : ''
}

const has = (schema: z.ZodType) => schema.def.type !== 'undefined'

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema
}
