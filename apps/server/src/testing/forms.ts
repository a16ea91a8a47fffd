import { randomUUID } from 'node:crypto'

/** A form as a browser sends it with `enctype="multipart/form-data"`. */
export function multipart(
  fields: Readonly<Record<string, string>>,
  files: readonly { field?: string; name: string; type?: string; content: string | Buffer }[] = [],
): { payload: Buffer; headers: Record<string, string> } {
  const boundary = `----${randomUUID()}`
  const parts: (string | Buffer)[] = []
  for (const [name, value] of Object.entries(fields)) {
    parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
  }
  for (const { field = 'files', name, type = 'application/octet-stream', content } of files) {
    const head = `Content-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: ${type}`
    parts.push(`--${boundary}\r\n${head}\r\n\r\n`, content, '\r\n')
  }
  parts.push(`--${boundary}--\r\n`)
  return {
    payload: Buffer.concat(parts.map((part) => Buffer.from(part))),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  }
}

/** The one-time token in a page. */
export function tokenIn(page: string): string {
  const found = /name="token" value="([^"]+)"/.exec(page)?.[1]
  if (found === undefined) throw new Error(`No token in ${page.slice(0, 2000)}`)
  return found
}
