import { html } from '#platform/html.ts'
import type { Language } from '@lahko/contract/values'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { words } from '#platform/words.ts'
import { plainContentId } from './content-ids.ts'
import { foldQuotes } from './folding-html.ts'
import { findWords } from './message-page.queries.ts'
import { listAttachments } from './ticket-messages.queries.ts'

type Shown = { page: string; policy: string }

/**
 * A message as a page of its own, as its writer made it: its pictures are those that came with it, and those of other
 * servers, which we fetch, only when somebody asks for them.
 * @throws Problem not_found
 */
export async function showMessage(db: Db, id: string, images: boolean, language: Language): Promise<Shown> {
  const said = await findWords(db, id)
  if (!said) throw new Problem('not_found', 'platform.not_found')
  const files = new Map((await listAttachments(db, [id])).map((file) => [file.contentId ?? '', file.id]))
  const written = said.html ?? String(html`<pre>${said.text}</pre>`)
  const remote = (place: number) => `/api/v1/ticket-messages/${id}/pictures/${place}`
  const body = withPictures(written, (name) => files.get(name), images ? remote : undefined)
  return { page: frame(foldQuotes(body, words(language, 'screen.quoted'))), policy }
}

const remotePictures = /(<img\b[^>]*)\bdata-remote-src="([^"]*)"/gi

/**
 * Puts the addresses of pictures in their places. Pure.
 * @param html cleaned: attributes stand in double quotes
 * @param remote the address at which we show a picture of another server, by its place; undefined: none is shown
 */
export function withPictures(
  html: string,
  fileOf: (contentId: string) => string | undefined,
  remote?: (place: number) => string,
): string {
  const own = withNamedPictures(html, (name) => {
    const file = fileOf(name)
    return file === undefined ? undefined : `/api/v1/files/${file}`
  })
  let place = 0
  return remote ? own.replaceAll(remotePictures, (_, before: string) => `${before}src="${remote(place++)}"`) : own
}

/** Puts addresses in the place of the names under which pictures came; without one, its words stand there. Pure. */
export function withNamedPictures(html: string, addressOf: (contentId: string) => string | undefined): string {
  return html.replaceAll(/\bsrc="cid:([^"]*)"/gi, (_, name: string) => {
    const address = addressOf(plainContentId(name))
    return address === undefined ? '' : `src="${address}"`
  })
}

/** Where a picture of another server is, by its place. Pure. @param html cleaned */
export function remotePictureAt(html: string, place: number): string | undefined {
  const address = [...html.matchAll(remotePictures)][place]?.[2]
  const signs: Record<string, string> = { '&amp;': '&', '&quot;': '"', '&lt;': '<', '&gt;': '>' }
  return address?.replaceAll(/&(?:amp|quot|lt|gt);/g, (sign) => signs[sign]!)
}

/** The address of a picture of another server in a message. @throws Problem not_found */
export async function getRemotePicture(db: Db, id: string, place: number): Promise<string> {
  const address = remotePictureAt((await findWords(db, id))?.html ?? '', place)
  if (address === undefined) throw new Problem('not_found', 'platform.not_found')
  return address
}

/** Scripts run nowhere in it. Being of the same origin lets the screen read how high it is, and nothing else. */
const policy =
  'sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; ' +
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

function frame(body: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">
<base target="_blank"><style>
html{background:#fff;color:#1b1a18;color-scheme:light}
body{margin:0;padding:.5rem;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
img{max-width:100%;height:auto}img:not([src]){display:inline-block;padding:0 .25rem;border:1px dashed #bbb;color:#57544d;font-size:13px}img:not([src]):not([alt]),img:not([src])[alt=""]{display:none}table{max-width:100%}pre{white-space:pre-wrap}
summary{color:#57544d;font-size:13px;cursor:pointer}
blockquote{margin:.5rem 0;padding-left:.75rem;border-left:2px solid #ccc;color:#57544d}
</style></head><body>${body}</body></html>`
}
