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
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

const ownColours = /<[^>]*\s(?:(?:bgcolor|color)="|style="(?:[^"]*;)?\s*(?:color|background(?:-color)?)\s*:)/i

/**
 * A mail that says nothing of colours reads like everything around it, by day and by night; one that does lies on white
 * paper, for which its colours were chosen. @param body cleaned: attributes stand in double quotes
 */
function frame(body: string): string {
  const kind = ownColours.test(body) ? 'paper' : 'plain'
  return `<!doctype html><html class="${kind}"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer">
<base target="_blank"><style>
html{--quiet:light-dark(#5d5a52,#b2afa7);--line:light-dark(#dbd9d4,#484642);color:light-dark(#1b1a18,#e9e7e3);color-scheme:light dark}
html.paper{color-scheme:light;background:#fff}
body{margin:0;font:14px/1.55 "Inter Variable",system-ui,sans-serif;overflow-wrap:anywhere}
.paper body{padding:.75rem 1rem}
.plain a{color:inherit}
p{margin:0 0 .6em}p:last-child{margin-bottom:0}
img{max-width:100%;height:auto}img:not([src]){display:inline-block;padding:0 .25rem;border:1px dashed var(--line);color:var(--quiet);font-size:13px}img:not([src]):not([alt]),img:not([src])[alt=""]{display:none}table{max-width:100%}pre{margin:0;white-space:pre-wrap}
.card{margin:0 0 .75rem;border:1px solid var(--line);border-radius:6px}.card td{padding:.5rem .75rem}
summary{color:var(--quiet);font-size:13px;cursor:pointer}
blockquote{margin:.5rem 0;padding-left:.75rem;border-left:2px solid var(--line);color:var(--quiet)}
</style></head><body>${body}</body></html>`
}
