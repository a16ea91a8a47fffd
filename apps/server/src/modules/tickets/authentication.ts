import type { MessageRow } from './ticket-messages.queries.ts'

/** What the own receiver found out about who sent a mail, and whether that speaks for the address in From. */
export type Authenticated = { shown: NonNullable<MessageRow['authentication']>; aligned: boolean }

type Result = { method: string; result: string; properties: Map<string, string> }

const longestRead = 5_000

/**
 * Reads the topmost `Authentication-Results` (RFC 8601) that begins with the name of the own receiver. Others may come
 * from whoever wrote the mail.
 * @param values of all such headers, the topmost first
 * @param server the name that is believed; null: none
 * @param from the address in From, in lower case
 */
export function readAuthentication(
  values: readonly string[],
  server: string | null,
  from: string,
): Authenticated | undefined {
  const domain = from.split('@').at(-1) ?? ''
  const own = server === null ? undefined : values.find((value) => serverOf(value) === server)
  if (own === undefined || domain === '') return undefined
  const results = resultsIn(own)
  const of = (method: string) => results.filter((one) => one.method === method)
  const speaks = (method: string, ...names: string[]) =>
    of(method).some(
      ({ result, properties }) =>
        result === 'pass' && names.some((name) => properties.get(name)?.split('@').at(-1) === domain),
    )
  const aligned =
    speaks('dmarc', 'header.from') || speaks('dkim', 'header.d', 'header.i') || speaks('spf', 'smtp.mailfrom')
  const shown = (method: string) =>
    (of(method).find(({ result }) => result === 'pass') ?? of(method)[0])?.result ?? null
  return { shown: { spf: shown('spf'), dkim: shown('dkim'), dmarc: shown('dmarc') }, aligned }
}

function serverOf(value: string): string {
  return /^[^;\s]+/.exec(withoutComments(value))?.[0].toLowerCase() ?? ''
}

function resultsIn(value: string): Result[] {
  return withoutComments(value)
    .split(';')
    .slice(1)
    .flatMap((part) => {
      const [head = '', ...rest] = part.trim().split(/\s+/)
      const [, method, result] = /^([a-z-]+)(?:\/\d+)?=([a-z]+)$/.exec(head.toLowerCase()) ?? []
      if (method === undefined) return []
      const properties = rest.flatMap((one) => {
        const [, name, given] = /^([a-z.]+)=(.+)$/.exec(one.toLowerCase()) ?? []
        return name === undefined ? [] : [[name, given!.replace(/^@/, '')] as const]
      })
      return [{ method, result: result!, properties: new Map(properties) }]
    })
}

/**
 * Comments may hold anything, also what looks like a result: they go. So may quoted strings, such as the local part of
 * an address: nothing in them divides.
 */
function withoutComments(value: string): string {
  let text = ''
  let depth = 0
  let inQuotes = false
  for (const sign of value.slice(0, longestRead).match(/\\.|./gs) ?? []) {
    if (depth > 0) depth += sign === '(' ? 1 : sign === ')' ? -1 : 0
    else if (inQuotes && sign !== '"') text += sign.at(-1)!.replace(/[;\s()="]/, '_')
    // Out here a backslash protects nothing.
    else if (sign.endsWith('"')) inQuotes = !inQuotes
    else if (sign.endsWith('(')) {
      depth = 1
      text += ' '
    } else text += sign
  }
  return text.trim()
}
