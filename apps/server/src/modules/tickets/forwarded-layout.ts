import { contentIdOf } from './markup.ts'
import { withNamedPictures } from './message-page.ts'
import type { AttachmentRow } from './ticket-messages.queries.ts'

/** More than this in one mail is what servers refuse: what does not fit goes as plain text. */
const longestLayout = 2_000_000

/** Which messages go on with their layout: the oldest first, as long as there is room. Pure. */
export function withLayout(messages: readonly { id: string; html: string | null }[]): Set<string> {
  let room = longestLayout
  const fit = messages.filter(({ html }) => {
    const length = html?.length ?? Infinity
    if (length > room) return false
    room -= length
    return true
  })
  return new Set(fit.map(({ id }) => id))
}

/**
 * What a message looks like in a forward. Pictures that came with it go along under names of ours, those of other
 * servers stay where they are, for the reader's program to decide; what only tells that it was read is left out. Pure.
 * @param html cleaned
 * @param files what is attached to it
 */
export function layoutOf(html: string, files: readonly Pick<AttachmentRow, 'id' | 'contentId'>[]): string {
  const ids = new Map(files.map(({ id, contentId }) => [contentId, id]))
  const named = withNamedPictures(html, (name) => {
    const id = ids.get(name)
    return id === undefined ? undefined : `cid:${contentIdOf(id)}`
  })
  return named.replaceAll(/<img\b[^>]*\bdata-remote-src="[^>]*>/gi, (tag) =>
    isBeacon(tag) ? '' : tag.replace(/\bdata-remote-src=/i, 'src='),
  )
}

/** A picture of one point shows nothing to anybody. */
function isBeacon(tag: string): boolean {
  return [...tag.matchAll(/(?<![-\w])(?:width|height)(?:="|:)\s*[01](?:px)?(?=[";])/gi)].length > 1
}
