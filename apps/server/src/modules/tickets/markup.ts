import MarkdownIt from 'markdown-it'
import type { Token } from 'markdown-it'

// What members write is plain text with a few marks: *slanted*, **strong**, lists, links, > quotes, `code`, and pictures
// that were uploaded, as ![name](file:ID). Everything else stays as it was written: # is no heading, a line of dashes
// no rule, four spaces no code, and a tag no tag.
const markdown = new MarkdownIt('default', { html: false, linkify: true, breaks: true }).disable([
  ...['heading', 'lheading', 'hr', 'table', 'code', 'reference', 'html_block', 'html_inline', 'entity'],
])
// The name of a file such as report.si is no address; one begins with https://.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: true })

const picture = /^file:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

markdown.validateLink = (url) => picture.test(url) || /^(https?:|mailto:|tel:)/i.test(url.trim())
markdown.renderer.rules['image'] = (tokens, index, _, env) =>
  pictureOf(tokens[index]!, (env as Partial<Shown> | undefined)?.show ?? pictureInMail)
markdown.renderer.rules['link_open'] = (tokens, index, options, _, self) => {
  const token = tokens[index]!
  // Only a picture may point at a file of ours: the reader of a mail has no access to it.
  if (picture.test(String(token.attrGet('href')))) token.attrSet('href', '#')
  return self.renderToken(tokens, index, options)
}

const { escapeHtml } = markdown.utils

/** A picture of a text as safe HTML. */
type ShowPicture = (fileId: string, name: string) => string
type Shown = { show: ShowPicture }

function pictureOf(token: Token, show: ShowPicture): string {
  const id = picture.exec(String(token.attrGet('src')))?.[1]
  // What another server holds would tell it who reads, and when.
  if (id === undefined) return escapeHtml(token.content)
  return show(id, token.content)
}

function pictureInMail(fileId: string, name: string): string {
  return `<img src="cid:${contentIdOf(fileId)}" alt="${escapeHtml(name)}" style="max-width:100%">`
}

/** By what the HTML of a mail shows a file that travels with it. */
export function contentIdOf(fileId: string): string {
  return `${fileId}@lahko`
}

/** The text of a member as HTML that a mail may hold; pictures stand in it by `cid:`, unless they are shown otherwise. */
export function htmlOfText(text: string, show?: ShowPicture): string {
  return markdown.render(text, { show }).trim()
}

const pictureMark = /!\[([^\]\n]*)\]\(file:([0-9a-f-]{36})\)/g

/** The files that a text shows as pictures. */
export function picturesIn(text: string): string[] {
  return [...new Set([...text.matchAll(pictureMark)].map(([, , id]) => id!))]
}

/** The text as the plain part of a mail shows it: marks stay readable, pictures are named. */
export function plainOfText(text: string): string {
  return text.replaceAll(pictureMark, (_, name: string) => `[${name || '…'}]`)
}

/** Other text, such as what is quoted, as HTML: its lines are kept, nothing in it is a mark. */
export function htmlOfPlain(text: string): string {
  return escapeHtml(text).replaceAll(/\r?\n/g, '<br>')
}
