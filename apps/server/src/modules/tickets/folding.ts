import type { TicketMessage } from '@lahko/contract/tickets'
import { foldQuoted } from '#platform/mail/receiving/new-text.ts'
import { countRemoteImages } from './remote-images.ts'
import type { MessageRow } from './ticket-messages.queries.ts'

/** A message's text as it is shown: what a mail quotes stands apart, and pictures that are held back are counted. */
export function readableText({
  channel,
  kind,
  text,
  html,
}: MessageRow): Pick<TicketMessage, 'text' | 'quoted' | 'remoteImages'> {
  const isMail = channel === 'email' && kind !== 'reply'
  return { ...(isMail ? foldQuoted(text) : { text, quoted: null }), remoteImages: countRemoteImages(html) }
}
