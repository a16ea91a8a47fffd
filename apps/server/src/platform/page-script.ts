import { createHash } from 'node:crypto'

/** A script that stands in a page, and its hash for the page's policy. */
export type PageScript = {
  readonly code: string
  readonly hash: string
  /** What it loads, in the words of a policy; where nothing is said, it asks this site. */
  readonly may?: string
}

/** A script of our own, without its comments and what it is indented by. */
export function pageScript(source: string): PageScript {
  const code = source
    .replaceAll(/^\s*(\/\/.*|\/\*\*[^]*?\*\/)$/gm, '')
    .replaceAll(/^\s+/gm, '')
    .trim()
  if (code.includes('</')) throw new Error('A script that stands in a page may not hold the end of an element.')
  return { code, hash: `'sha256-${createHash('sha256').update(code).digest('base64')}'` }
}
