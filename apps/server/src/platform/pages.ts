import { hash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { ProblemBody } from '@lahko/contract/problems'
import type { Language } from '@lahko/contract/values'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { html, raw, type Html } from './html.ts'
import type { PageScript } from './page-script.ts'
import { pageStyle, type PageStyle } from './page-style.ts'
import { fill, fillGzip, gzipPage, press, type Pressed, type Template } from './pressed.ts'
import { words } from './words.ts'

/** How a company looks: two numbers for its colour (lightness is ours, so contrast holds), and what survives of them. */
export type Accent = { hue: number; chroma: number }

/** Everything around the body of a public page. */
export type Frame = {
  language: Language
  title: string
  styles: readonly PageStyle[]
  body: Html
  /** For pages that search engines may show: what they are told. Without it they may not. */
  indexed?: Html
  /** The address of a page that they may not show, without what it carries for its reader. */
  canonical?: string
  /** What makes it easier to use; without it all of it works, too. */
  script?: PageScript
}

/** The whole document. Nothing in it comes from elsewhere, and nothing in it runs but its own script. */
export function documentOf({ language, title, styles, body, indexed, canonical, script }: Frame): string {
  return String(html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        ${indexed ? '' : html`<meta name="robots" content="noindex">`}
        <title>${title}</title>
        ${indexed ?? (canonical === undefined ? '' : html`<link rel="canonical" href="${canonical}">`)}
        <link rel="icon" href="data:,">
        ${styles.map(({ css }) => html`<style>${raw(css)}</style>`)}
      </head>
      <body>${body}${script ? html`<script>${raw(script.code)}</script>` : ''}</body>
    </html>`)
}

/** The colour of a company as CSS. */
export function accentCss({ hue, chroma }: Accent): string {
  return `:root{--accent-hue:${Number(hue)};--accent-chroma:${Number(chroma)}}`
}

const policies = new WeakMap<readonly PageStyle[], string>()

/** What a page may load: its own styles by their hashes, pictures of this site, and nothing else. */
function policyOf(styles: readonly PageStyle[], script?: PageScript): string {
  if (script) return `${policyOf(styles)}; script-src ${script.hash}; ${script.may ?? "connect-src 'self'"}`
  const known = policies.get(styles)
  if (known) return known
  const hashes = styles.map(({ hash }) => hash).join(' ')
  const policy = `default-src 'none'; style-src ${hashes}; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'self'`
  policies.set(styles, policy)
  return policy
}

/**
 * Sends a page that no cache keeps.
 * @param page text, or a template with what this visitor has of their own
 */
export function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  styles: readonly PageStyle[],
  page: string | { template: Template; values: Readonly<Record<string, string>> },
  { indexed = false, script }: { indexed?: boolean; script?: PageScript } = {},
): FastifyReply {
  reply.headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policyOf(styles, script),
    'cache-control': 'no-store',
    vary: 'accept-encoding, accept-language',
  })
  if (!indexed) reply.header('x-robots-tag', 'noindex, nofollow')
  const packed = takesGzip(request)
  if (packed) reply.header('content-encoding', 'gzip')
  if (typeof page === 'string') return reply.send(packed ? pack(page, styles) : page)
  return reply.send(packed ? fillGzip(page.template, page.values) : fill(page.template, page.values))
}

/** A page that everybody gets alike, as it travels. */
export type FinishedPage = {
  readonly packed: Buffer
  /** Changes with every byte of it. */
  readonly tag: string
  readonly policy: string
  readonly indexed: boolean
}

/** Compresses a page once for all who ask for it. */
export function finishPage(
  styles: readonly PageStyle[],
  text: string,
  { indexed, script }: { indexed: boolean; script?: PageScript },
): FinishedPage {
  const tag = hash('sha256', text, 'base64url').slice(0, 22)
  return { packed: pack(text, styles), tag, policy: policyOf(styles, script), indexed }
}

/** Sends a page that browsers may keep as long as they ask each time whether it is still so (RFC 9110, 13.1.2). */
export function sendFinishedPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { packed, tag, policy, indexed }: FinishedPage,
): FastifyReply {
  const gzip = takesGzip(request)
  const etag = gzip ? `"${tag}-gzip"` : `"${tag}"`
  reply.headers({
    etag,
    'content-security-policy': policy,
    'cache-control': 'private, no-cache',
    vary: 'accept-encoding, accept-language, cookie',
  })
  if (!indexed) reply.header('x-robots-tag', 'noindex, nofollow')
  const known = (request.headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''))
  if (known.includes(etag)) return reply.code(304).send()
  reply.header('content-type', 'text/html; charset=utf-8')
  if (gzip) reply.header('content-encoding', 'gzip')
  return reply.send(gzip ? packed : gunzipSync(packed))
}

function takesGzip(request: FastifyRequest): boolean {
  return /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
}

const pressedStyles = new WeakMap<PageStyle, Pressed>()
/** A shorter one is compressed sooner with what stands beside it. */
const leastShared = 1_000

function pack(text: string, styles: readonly PageStyle[]): Buffer {
  const shared = styles.filter(({ css }) => css.length >= leastShared)
  return gzipPage(
    text,
    shared.map((style) => ({ text: style.css, pressed: pressedOf(style) })),
  )
}

function pressedOf(style: PageStyle): Pressed {
  const known = pressedStyles.get(style) ?? press(style.css)
  pressedStyles.set(style, known)
  return known
}

const problemClasses = ['page', 'page-main', 'title', 'quiet', 'stack']
const problemStyle = pageStyle(
  problemClasses,
  '@layer features{.oh{padding-block:var(--space-8);max-inline-size:36rem}}',
)

/** How a page shows a problem to a person. */
export function problemPage(language: Language, problem: ProblemBody): { text: string; policy: string } {
  const { title, status, requestId: number } = problem
  // Whoever mistyped an address has nothing to tell by a number.
  const more =
    status === 404 ? words(language, 'platform.check_address') : words(language, 'platform.problem_number', { number })
  const body = html`
    <div class="page">
      <main class="page-main oh stack" id="main">
        <h1 class="title">${title}</h1>
        <p class="quiet">${more}</p>
        <p><a href="/">${words(language, 'platform.to_the_start')}</a></p>
      </main>
    </div>`
  const styles = [problemStyle]
  return { text: documentOf({ language, title, styles, body }), policy: policyOf(styles) }
}
