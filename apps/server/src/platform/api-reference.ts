import type { FastifyInstance } from 'fastify'
import { curlExample } from './curl-example.ts'
import { apiPrefix } from './http.ts'
import { html, type Html } from './html.ts'
import { pageStyle } from './page-style.ts'
import { documentOf, sendPage } from './pages.ts'

type Schema = {
  type?: string | string[]
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  enum?: unknown[]
  const?: unknown
  format?: string
  minimum?: number
  maximum?: number
  maxLength?: number
}
type Parameter = { name: string; in: string; required?: boolean; schema: Schema }
type Operation = {
  summary?: string
  description?: string
  tags?: string[]
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses?: Record<string, { content?: Record<string, { schema: Schema }> }>
}
type ApiDocument = { paths: Record<string, Record<string, Operation>> }
type Address = { method: string; path: string; operation: Operation; anchor: string }

const classes = [
  'page',
  'page-main',
  'title',
  'heading',
  'quiet',
  'stack',
  'section',
  'table',
  'scroll-x',
  'skip',
  'tag',
]
const style = pageStyle(
  classes,
  `@layer features{.api{padding-block:var(--space-6)}.api code,.api pre{font-family:var(--font-code);font-size:var(--type-2)}
   .api pre{overflow-x:auto;padding:var(--space-3);background:var(--surface-sunk);border:1px solid var(--line);border-radius:var(--radius-2)}
   .api nav ul{columns:16rem;column-gap:var(--space-6)}.api nav a{display:inline-flex;min-block-size:1.75rem;align-items:center}
   .api h3{margin-block-start:var(--space-5)}.api .table th{white-space:nowrap;vertical-align:baseline}.api [id]{scroll-margin-block-start:var(--space-4)}}`,
)

/** The reference of the API as a page, made of the same document that programs read. */
export function mountApiReference(app: FastifyInstance, document: () => object): void {
  let page: string | undefined
  app.get(`${apiPrefix}/docs`, { schema: { hide: true } }, (request, reply) => {
    page ??= referencePage(document() as ApiDocument)
    return sendPage(request, reply, [style], page)
  })
}

function referencePage({ paths }: ApiDocument): string {
  const addresses = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): Address => ({
      method: method.toUpperCase(),
      path,
      operation,
      anchor: anchorOf(method, path),
    })),
  )
  const sections = Object.entries(Object.groupBy(addresses, ({ operation }) => operation.tags?.[0] ?? 'other'))
  const body = html`<a class="skip" href="#main">Skip to content</a>
    <div class="page">
      <main class="page-main api stack" id="main">
        <h1 class="title">Lahko: the API</h1>
        <p>
          Make a key in the workspace under <em>Settings → API keys</em> and send it as <code>Authorization: Bearer …</code>, bodies as
          <code>Content-Type: application/json</code>. Errors are <code>application/problem+json</code>: <code>title</code> says what to
          do, <code>code</code> is stable, <code>errors</code> name the fields. For programs:
          <a href="${apiPrefix}/openapi.json">openapi.json</a>, OpenAPI 3.1.
        </p>
        <nav aria-label="Addresses">
          <ul>
            ${addresses.map(({ method, path, anchor }) => html`<li><a href="#${anchor}"><code>${method} ${path.slice(apiPrefix.length)}</code></a></li>`)}
          </ul>
        </nav>
        ${sections.map(([name, all]) => html`<section class="section"><h2 class="heading">${name}</h2>${(all ?? []).map(addressPart)}</section>`)}
      </main>
    </div>`
  return documentOf({ language: 'en', title: 'API · Lahko', styles: [style], body })
}

function addressPart({ method, path, operation, anchor }: Address): Html {
  const body = operation.requestBody?.content['application/json']?.schema
  const [status, reply] = Object.entries(operation.responses ?? {})[0] ?? []
  const replySchema = reply?.content?.['application/json']?.schema
  return html`<article>
    <h3 id="${anchor}"><code>${method} ${path}</code></h3>
    <p>${operation.summary}${operation.description ? html` <span class="quiet">${operation.description}</span>` : ''}</p>
    <pre tabindex="0" aria-label="${`${method} ${path} in a terminal`}">${curlExample({
      ...{ method, path, body, needsKey: operation.description?.startsWith('Needs the scope') === true },
      upload: operation.requestBody?.content['application/octet-stream'] !== undefined,
    })}</pre>
    ${operation.parameters?.length ? parameterTable(operation.parameters) : ''}
    ${body ? html`<p class="quiet">Body</p><pre tabindex="0" aria-label="${`Body of ${method} ${path}`}">${outline(body)}</pre>` : ''}
    ${replySchema ? html`<p class="quiet">Reply, ${status}</p><pre tabindex="0" aria-label="${`Reply of ${method} ${path}`}">${outline(replySchema)}</pre>` : ''}
  </article>`
}

function parameterTable(parameters: readonly Parameter[]): Html {
  return html`<div class="scroll-x" tabindex="0" role="group" aria-label="Parameters"><table class="table">
    <thead><tr><th scope="col">Parameter</th><th scope="col">In</th><th scope="col">Takes</th></tr></thead>
    <tbody>
      ${parameters.map(
        ({ name, in: place, required, schema }) =>
          html`<tr><th scope="row"><code>${name}</code>${required ? '' : html` <span class="quiet">optional</span>`}</th><td>${place}</td><td><code>${outline(schema)}</code> ${schema.description}</td></tr>`,
      )}
    </tbody>
  </table></div>`
}

function anchorOf(method: string, path: string): string {
  return `${method}${path.slice(apiPrefix.length)}`.replaceAll(/[^a-z0-9]+/gi, '-').replace(/-$/, '')
}

/** A schema as somebody would write it down: names, kinds, limits. */
function outline(schema: Schema, indent = ''): string {
  const choices = schema.anyOf ?? schema.oneOf
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (choices) return choices.map((choice) => outline(choice, indent)).join(' | ')
  if (schema.properties) return outlineObject(schema, indent)
  if (schema.items) return `[${outline(schema.items, indent)}]`
  return [schema.format ?? [schema.type ?? 'any'].flat().join(' | '), limits(schema)].filter(Boolean).join(' ')
}

function outlineObject({ properties = {}, required = [] }: Schema, indent: string): string {
  const inner = `${indent}  `
  const lines = Object.entries(properties).map(([name, schema]) => {
    const note = schema.description ? `  // ${schema.description}` : ''
    return `${inner}${name}${required.includes(name) ? '' : '?'}: ${outline(schema, inner)}${note}`
  })
  return `{\n${lines.join('\n')}\n${indent}}`
}

function limits({ minimum, maximum, maxLength }: Schema): string {
  const safe = (value: number | undefined) => value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER
  if (safe(minimum) && safe(maximum)) return `${minimum}–${maximum}`
  return maxLength === undefined ? '' : `up to ${maxLength} characters`
}
