import MarkdownIt from 'markdown-it'
import type { Token } from 'markdown-it'
import sanitizeHtml, { type SanitizeOptions } from 'sanitize-html'
import type { Language } from '@lahko/contract/values'
import { videoAt, type Video } from '@lahko/contract/videos'
import { words } from './words.ts'

/** A heading that readers can go to. */
export type Heading = { id: string; text: string; level: number }

/** Markdown as a page shows it. */
export type Rendered = {
  html: string
  contents: Heading[]
  /** All that it says, without marks. */
  plain: string
  /** How long somebody reads it. */
  minutes: number
  /** Addresses of pictures that are not shown: their texts stand in their place. */
  pictures: string[]
}

/** A picture of the house's own: its size is said, so that nothing moves when it comes. */
export type ShownPicture = {
  src: string
  width: number
  height: number
  /** The same for small screens, where there is one. */
  narrow?: { src: string; width: number }
}

export type Rendering = {
  /** For what stands in the page besides its text. */
  language: Language
  /** Where a link of the house's own leads; undefined for every other address. */
  linkOf?: (address: string) => string | undefined
  /** A picture of the house's own; undefined for every other address. */
  pictureOf?: (address: string) => ShownPicture | undefined
  /** Ids that the page has already. */
  taken?: readonly string[]
}

type ShownVideo = { video: Video; address: string; title: string }
type Environment = Rendering & Pick<Rendered, 'contents' | 'pictures'> & { ids: Set<string> }

const wordsAMinute = 200
/** Links of a text are never more than these: everything else stays text. */
const schemes = /^(https?|mailto|tel):/i

export type CalloutKind = 'note' | 'tip' | 'warning'
/** By what a quotation begins that is a callout. */
export const calloutNames: Readonly<Record<CalloutKind, Readonly<Record<Language, string>>>> = {
  note: { en: 'Note', sl: 'Opomba', nb: 'Merk' },
  tip: { en: 'Tip', sl: 'Namig', nb: 'Tips' },
  warning: { en: 'Warning', sl: 'Opozorilo', nb: 'Advarsel' },
}
const tones = { note: 'accent', tip: 'good', warning: 'warn' } as const
/** In any language. */
const callouts: ReadonlyMap<string, string> = new Map(
  (['note', 'tip', 'warning'] as const).flatMap((kind) =>
    Object.values(calloutNames[kind]).map((name) => [name.toLowerCase(), tones[kind]] as const),
  ),
)

const markdown = new MarkdownIt('default', { html: false, linkify: true, maxNesting: 60 })
// The name of a file such as report.si is no address; one begins with https://.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false })
markdown.validateLink = (address) => schemes.test(address.trim()) || /^(?!\/[/\\])[^:\\]*$/.test(address)
markdown.core.ruler.push('house', ({ tokens, env }) => arrange(tokens, env as Environment))
markdown.renderer.rules['image'] = (tokens, at, options, env, self) => {
  const token = tokens[at]!
  const { pictures, pictureOf } = env as Environment
  const address = String(token.attrGet('src'))
  const alt = markdown.utils.escapeHtml(self.renderInlineAsText(token.children ?? [], options, env))
  const shown = pictureOf?.(address)
  if (!shown) pictures.push(address)
  return shown ? pictureTag(shown, alt) : alt
}
markdown.renderer.rules['video'] = (tokens, at, _, env) => {
  const { video, address, title } = tokens[at]!.meta as ShownVideo
  const [player, href, text] = [video.player, address, title].map((one) => markdown.utils.escapeHtml(one))
  const { language } = env as Environment
  const note = markdown.utils.escapeHtml(words(language, 'platform.video_from', { host: video.host }))
  const link = `<a href="${href}" data-player="${player}" data-kind="${video.kind}">${text || words(language, 'platform.video')}</a>`
  return `<div class="video">${link}<p class="hint">${note}</p></div>\n`
}
markdown.renderer.rules['table_open'] = (_, __, ___, env) => {
  const label = words((env as Environment).language, 'platform.table')
  return `<div class="scroll-x" role="region" aria-label="${label}" tabindex="0"><table class="table">\n`
}
markdown.renderer.rules['table_close'] = () => '</table></div>\n'

/** As wide as the column of a text, which is the whole width of a phone. */
const sizes = '(min-width: 45rem) 42rem, 100vw'

function pictureTag({ src, width, height, narrow }: ShownPicture, alt: string): string {
  const [address, other] = [src, narrow?.src ?? ''].map((one) => markdown.utils.escapeHtml(one))
  const choice = narrow ? ` srcset="${other} ${narrow.width}w, ${address} ${width}w" sizes="${sizes}"` : ''
  return `<img src="${address}"${choice} width="${width}" height="${height}" alt="${alt}" loading="lazy" decoding="async">`
}

/** Pictures of this site only, whatever else is wrong. */
const ownPath = /^\/(?![/\\])[\w./-]+$/

/** What a page may be made of, whatever the Markdown becomes: the second line of defence, and the only one of its kind. */
const allowed: SanitizeOptions = {
  allowedTags: [
    ...['a', 'blockquote', 'br', 'code', 'div', 'em', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'img', 'li', 'ol', 'p'],
    ...['pre', 's', 'strong', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul'],
  ],
  allowedAttributes: {
    a: ['href', 'rel', 'data-player', 'data-kind'],
    div: ['role', 'aria-label', 'tabindex', 'data-tone'],
    ...Object.fromEntries(['h2', 'h3', 'h4', 'h5', 'h6'].map((name) => [name, ['id']])),
    img: ['src', 'srcset', 'sizes', 'width', 'height', 'alt', 'loading', 'decoding'],
    ol: ['start'],
    td: ['data-number'],
    th: ['scope', 'data-number'],
  },
  allowedClasses: { div: ['banner', 'scroll-x', 'video'], p: ['hint'], table: ['table'] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowProtocolRelative: false,
  nestingLimit: 100,
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !ownPath.test(attribs['src'] ?? ''),
  transformTags: {
    a: (tagName, { 'data-player': player, 'data-kind': kind, ...attribs }) => ({
      tagName,
      attribs: {
        ...attribs,
        ...(/^https?:/i.test(attribs['href'] ?? '') && { rel: 'noopener noreferrer' }),
        ...(kind &&
          player &&
          videoAt(attribs['href'] ?? '')?.player === player && { 'data-player': player, 'data-kind': kind }),
      },
    }),
  },
}

/** Markdown without HTML as HTML that runs nothing and fetches nothing. */
export function renderMarkdown(source: string, rendering: Rendering): Rendered {
  const env: Environment = { ...rendering, contents: [], pictures: [], ids: new Set(rendering.taken) }
  const tokens = markdown.parse(source, env)
  const html = sanitizeHtml(markdown.renderer.render(tokens, markdown.options, env), allowed).trim()
  const plain = tokens.flatMap((token) => (textOf(token) === '' ? [] : [textOf(token)])).join('\n')
  const minutes = Math.max(1, Math.ceil(plain.split(/\s+/).length / wordsAMinute))
  return { html, contents: env.contents, plain, minutes, pictures: env.pictures }
}

/** The addresses of all links and pictures. */
export function addressesIn(source: string): { links: string[]; pictures: string[] } {
  const env: Environment = { language: 'en', contents: [], pictures: [], ids: new Set() }
  const inline = markdown.parse(source, env).flatMap(({ children }) => children ?? [])
  const all = (type: string, name: string) =>
    inline.filter((token) => token.type === type).map((token) => String(token.attrGet(name)))
  return { links: all('link_open', 'href'), pictures: all('image', 'src') }
}

function arrange(tokens: Token[], env: Environment): void {
  // From the end, so that places before stay what they are.
  for (let at = tokens.length - 3; at >= 0; at--) showVideo(tokens, at)
  tokens.forEach((token, at) => {
    if (token.type === 'heading_open') nameHeading(tokens, at, env)
    if (token.type === 'blockquote_open') markCallout(tokens, at)
    if (token.type === 'th_open' || token.type === 'td_open') arrangeCell(token)
    for (const child of token.children ?? []) if (child.type === 'link_open') leadOn(child, env)
  })
}

/** A link to a video, in a paragraph of its own, becomes the video. */
function showVideo(tokens: Token[], at: number): void {
  const [open, inline] = tokens.slice(at, at + 2) as [Token, Token]
  if (open.type !== 'paragraph_open' || open.hidden) return
  const parts = (inline.children ?? []).filter(({ type, content }) => type !== 'text' || content.trim() !== '')
  const [first, ...rest] = parts
  const isWhole =
    first?.type === 'link_open' && parts.findIndex(({ type }) => type === 'link_close') === parts.length - 1
  const address = isWhole ? String(first.attrGet('href')) : ''
  const video = videoAt(address)
  if (!video || rest.some(({ type }) => type === 'image')) return
  const token = new (open.constructor as new (type: string, tag: string, nesting: 0) => Token)('video', '', 0)
  // An address that stands there as it is has no title.
  const title = first!.info === 'auto' ? '' : textOf(inline)
  token.meta = { video, address, title } satisfies ShownVideo
  token.content = title
  token.level = open.level
  tokens.splice(at, 3, token)
}

/** The page has its own first heading: those of the text begin below it. */
function nameHeading(tokens: Token[], at: number, { ids, contents }: Environment): void {
  const [open, inline, close] = tokens.slice(at, at + 3) as [Token, Token, Token]
  const level = Math.max(2, Number(open.tag.slice(1)))
  open.tag = close.tag = `h${level}`
  const text = textOf(inline)
  const id = freeId(idOf(text), ids)
  open.attrSet('id', id)
  if (level <= 3 && text !== '') contents.push({ id, text, level })
}

/** Names headings, each in its turn, as pages do. @param taken ids that the page has already */
export function headingIds(taken: readonly string[]): (text: string) => string {
  const ids = new Set(taken)
  return (text) => freeId(idOf(text), ids)
}

function idOf(text: string): string {
  const plain = text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ø', 'o').replaceAll('æ', 'ae')
  return (
    plain
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 60) || 'part'
  )
}

function freeId(wanted: string, ids: Set<string>): string {
  let id = wanted
  for (let count = 2; ids.has(id); count++) id = `${wanted}-${count}`
  ids.add(id)
  return id
}

/** `> **Note** …`: what stands out, by the word that it begins with. */
function markCallout(tokens: Token[], at: number): void {
  const open = tokens[at]!
  const first = (tokens[at + 2]?.children ?? []).filter(({ type, content }) => type !== 'text' || content !== '')
  const name = first[0]?.type === 'strong_open' ? (first[1]?.content ?? '') : ''
  const tone = callouts.get(name.toLowerCase().replace(/[.:!]$/, ''))
  const close = tokens.slice(at).find(({ type, level }) => type === 'blockquote_close' && level === open.level)
  if (tone === undefined || close === undefined) return
  open.tag = close.tag = 'div'
  open.attrSet('class', 'banner')
  open.attrSet('role', 'note')
  open.attrSet('data-tone', tone)
}

/** No page takes `style` attributes; columns that end on the right are numbers. */
function arrangeCell(token: Token): void {
  const right = String(token.attrGet('style') ?? '').includes('right')
  token.attrs = right ? [['data-number', '']] : []
  if (token.type === 'th_open') token.attrSet('scope', 'col')
}

function leadOn(link: Token, { linkOf }: Environment): void {
  const address = String(link.attrGet('href'))
  link.attrSet('href', linkOf?.(address) ?? address)
}

function textOf({ type, content, children }: Token): string {
  if (type === 'fence' || type === 'code_block' || type === 'video') return content.trim()
  return (children ?? [])
    .map((child) => {
      if (child.type === 'softbreak' || child.type === 'hardbreak') return ' '
      return child.type === 'image' ? textOf({ ...child, type: 'inline' } as Token) : child.content
    })
    .join('')
}
