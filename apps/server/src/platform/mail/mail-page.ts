import type { FastifyReply } from 'fastify'

/** Of the mail's own styles and the workspace's logo, and of nothing else; its links open elsewhere. */
const policy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; " +
  "base-uri 'none'; frame-ancestors 'self'"

/** Sends a mail as its reader sees it, as a page that runs nothing. @param scheme instead of the browser's own */
export function asPage(reply: FastifyReply, mail: string, scheme?: 'light' | 'dark'): FastifyReply {
  const page = mail.replace('<head>', '<head><base target="_blank">')
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy)
    .send(scheme ? inScheme(page, scheme) : page)
}

/** What a mail program does by itself: its dark colours are used, or they are not. */
function inScheme(page: string, scheme: 'light' | 'dark'): string {
  return page
    .replace('@media (prefers-color-scheme:dark)', scheme === 'dark' ? '@media all' : '@media not all')
    .replace('color-scheme:light dark', `color-scheme:${scheme}`)
    .replaceAll('content="light dark"', `content="${scheme}"`)
}
