import { htmlToText } from 'html-to-text'
import sanitizeHtml, { type SanitizeOptions } from 'sanitize-html'

const longest = 2_000_000
/** Parsers take the square of the depth; what is nested so deeply is made by programs, against programs. */
const deepest = 1_000
const mostTags = 100_000
/** Of `<`: each tag may be closed, and there are comments. */
const mostSigns = 250_000

class TooIntricate extends Error {}

const colour = /^(#[0-9a-f]{3,8}|[a-z]{3,30}|rgba?\([\d\s.,%/]{1,40}\)|hsla?\([\d\s.,%/a-z]{1,40}\))$/i
const length = /^-?[\d.]{1,8}(px|pt|em|rem|ex|ch|%|cm|mm|in)?$/i
const lengths =
  /^(-?[\d.]{1,8}(px|pt|em|rem|ex|ch|%|cm|mm|in)?|auto)(\s+(-?[\d.]{1,8}(px|pt|em|rem|ex|ch|%|cm|mm|in)?|auto)){0,3}$/i
const word = /^[a-z-]{1,30}$/i
const border = /^[\w\s#.,()%-]{1,80}$/

/** What a mail may look like: nothing that fetches anything, or leaves its place. */
const styles: Record<string, RegExp[]> = {
  ...Object.fromEntries(['color', 'background-color', 'background'].map((name) => [name, [colour]])),
  ...Object.fromEntries(
    ['font-weight', 'font-style', 'font-variant', 'text-align', 'text-decoration', 'text-transform', 'vertical-align']
      .concat([
        'white-space',
        'list-style-type',
        'border-collapse',
        'word-break',
        'overflow-wrap',
        'direction',
        'float',
      ])
      .concat(['display', 'clear', 'table-layout'])
      .map((name) => [name, [word, /^\d{3}$/]]),
  ),
  ...Object.fromEntries(
    ['width', 'max-width', 'min-width', 'height', 'max-height', 'line-height', 'letter-spacing', 'text-indent']
      .concat(['font-size', 'border-radius', 'border-spacing'])
      .map((name) => [name, [length, word]]),
  ),
  ...Object.fromEntries(
    ['margin', 'padding'].flatMap((name) =>
      ['', '-top', '-right', '-bottom', '-left'].map((side) => [`${name}${side}`, [lengths]]),
    ),
  ),
  ...Object.fromEntries(
    ['border', 'border-top', 'border-right', 'border-bottom', 'border-left', 'border-color', 'border-width']
      .concat(['border-style'])
      .map((name) => [name, [border]]),
  ),
  'font-family': [/^[\w\s,'".-]{1,200}$/],
}

const tags = [
  ...['a', 'abbr', 'address', 'article', 'aside', 'b', 'bdi', 'bdo', 'big', 'blockquote', 'br', 'caption', 'center'],
  ...['cite', 'code', 'col', 'colgroup', 'dd', 'del', 'details', 'dfn', 'dir', 'div', 'dl', 'dt', 'em', 'figcaption'],
  ...['figure', 'font', 'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr', 'i', 'img', 'ins', 'kbd', 'li'],
  ...['main', 'mark', 'ol', 'p', 'pre', 'q', 's', 'samp', 'section', 'small', 'span', 'strike', 'strong', 'sub'],
  ...['summary', 'sup', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'time', 'tr', 'tt', 'u', 'ul', 'var', 'wbr'],
]

const options: SanitizeOptions = {
  allowedTags: tags,
  allowedAttributes: {
    '*': ['style', 'dir', 'lang', 'title', 'align', 'valign', 'bgcolor', 'color', 'width', 'height', 'class'],
    a: ['href', 'name', 'target', 'rel'],
    img: ['src', 'alt', 'border', 'data-remote-src'],
    table: ['border', 'cellpadding', 'cellspacing', 'summary'],
    td: ['colspan', 'rowspan', 'nowrap'],
    th: ['colspan', 'rowspan', 'scope', 'nowrap'],
    col: ['span'],
    colgroup: ['span'],
    font: ['face', 'size'],
    ol: ['start', 'type', 'reversed'],
    li: ['value', 'type'],
    ul: ['type'],
    blockquote: ['cite', 'type'],
    details: ['open'],
  },
  // What programs mark quoted mail with; nothing else of theirs is needed.
  allowedClasses: {
    '*': ['gmail_quote', 'gmail_attr', 'gmail_signature', 'moz-cite-prefix', 'yahoo_quoted', 'outlook_quote'],
  },
  allowedStyles: { '*': styles },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['cid', 'data'] },
  allowProtocolRelative: false,
  // What stands in it is code, or the title of a page; all else that is not allowed keeps its text.
  nonTextTags: ['script', 'style', 'title', 'noscript', 'template', 'xml', 'head'],
  nestingLimit: 250,
  transformTags: {
    a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, target: '_blank', rel: 'noopener noreferrer' } }),
    img: (tagName, attribs) => ({ tagName, attribs: heldBack(attribs) }),
    div: (tagName, attribs) => ({ tagName, attribs: marked(attribs) }),
    // Pages in mails have their own; what stands in them is all that counts.
    body: 'div',
  },
  exclusiveFilter: ({ tag, attribs }) =>
    tag === 'img' && attribs['src'] === undefined && attribs['data-remote-src'] === undefined && !attribs['alt'],
}

/** A picture on another server would tell it that the mail was read: its address waits in an attribute of its own. */
function heldBack(attribs: Record<string, string>): Record<string, string> {
  const src = (attribs['src'] ?? '').trim()
  if (/^(cid:|data:image\/(png|jpe?g|gif|webp);)/i.test(src)) return { ...attribs, src }
  const rest = Object.fromEntries(Object.entries(attribs).filter(([name]) => !/^(src|data-remote-src)$/i.test(name)))
  const remote = src.startsWith('//') ? `https:${src}` : src
  return /^https?:\/\//i.test(remote) ? { ...rest, 'data-remote-src': remote } : rest
}

/** The head of the mail that is answered has nothing but an id, which no mail may bring. */
function marked(attribs: Record<string, string>): Record<string, string> {
  return /divRplyFwdMsg$/i.test(attribs['id'] ?? '') ? { ...attribs, class: 'outlook_quote' } : attribs
}

type ReadHtml = {
  /** Runs nothing and fetches nothing, and says all that was said. Empty: only its text can be shown. */
  html: string
  text(): string
  /** Something of it is left out. */
  cut: boolean
}

/** HTML of a stranger's mail. */
export function readHtml(given: string): ReadHtml {
  const first = readOnce(given)
  const body = given.search(/<body\b/i)
  // A title or a script that nobody closed takes all that follows for its own.
  return first.html === '' && !first.cut && body > 0 ? readOnce(given.slice(body)) : first
}

function readOnce(given: string): ReadHtml {
  const html = withoutOpenTitle(given.slice(0, longest))
  try {
    return { html: cleanHtml(html), text: () => textOfHtml(html), cut: given.length > longest }
  } catch {
    // Also what a library cannot read is a mail.
    return { html: '', text: () => withoutTags(html), cut: true }
  }
}

/** A title that nobody closed is none: all that follows would be its own. */
function withoutOpenTitle(html: string): string {
  const closed = [...html.matchAll(/<\/title\b/gi)].at(-1)?.index ?? 0
  return html.slice(0, closed) + html.slice(closed).replaceAll(/<title\b[^<>]{0,1000}>/gi, '')
}

function cleanHtml(html: string): string {
  if (html.split('<', mostSigns).length === mostSigns) throw new TooIntricate()
  let depth = 0
  let count = 0
  // Both are missing in its types.
  const counting = {
    onOpenTag: () => {
      if (++depth > deepest || ++count > mostTags) throw new TooIntricate()
    },
    onCloseTag: () => void depth--,
  }
  // Two comments make Word's mails twice as long, and one of them hides text from all others.
  const plain = html.replaceAll(/<!\[(end)?if[^>]{0,200}\]>/gi, '')
  return sanitizeHtml(plain, { ...options, ...counting })
    .trim()
    .replaceAll('\0', '')
    .toWellFormed()
}

/** The same as plain text: all of it, with the addresses of its links. */
function textOfHtml(html: string): string {
  return htmlToText(html, {
    wordwrap: false,
    limits: { maxDepth: deepest, maxInputLength: longest },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'], noAnchorUrl: true } },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: 'table', options: { uppercaseHeaderCells: false } },
    ],
  })
}

function withoutTags(html: string): string {
  return html
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/[ \t]{2,}/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
