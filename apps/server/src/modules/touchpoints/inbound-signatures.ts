import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { HelpDesk } from './inbound.queries.ts'

export type Headers = Readonly<Record<string, string | string[] | undefined>>

/** Whether a help desk that knows the secret has sent this body, by the scheme that it documents. */
export function isSigned(system: HelpDesk, secret: string, headers: Headers, body: Buffer): boolean {
  return schemes[system](secret, headers, body)
}

const schemes: Record<HelpDesk, (secret: string, headers: Headers, body: Buffer) => boolean> = {
  // https://developer.zendesk.com/documentation/webhooks/verifying/
  zendesk(secret, headers, body) {
    const at = headerOf(headers, 'x-zendesk-webhook-signature-timestamp')
    const mac = createHmac('sha256', secret).update(at).update(body).digest('base64')
    return same(headerOf(headers, 'x-zendesk-webhook-signature'), mac)
  },
  // https://admin-docs.zammad.org/en/latest/manage/webhook/payload.html
  zammad(secret, headers, body) {
    const mac = createHmac('sha1', secret).update(body).digest('hex')
    return same(headerOf(headers, 'x-hub-signature'), `sha1=${mac}`)
  },
  // Freshdesk's automations sign nothing; they send headers of one's own.
  freshdesk: (secret, headers) => same(headerOf(headers, 'x-lahko-token'), secret),
}

function headerOf(headers: Headers, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

/** In a time that tells nothing about where they differ, nor about how long they are. */
function same(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
