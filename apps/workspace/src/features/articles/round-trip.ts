import type { JSONContent } from '@tiptap/core'
import { Paragraph } from '@tiptap/extension-paragraph'
import { TableKit } from '@tiptap/extension-table'
import { MarkdownManager } from '@tiptap/markdown'
import { StarterKit } from '@tiptap/starter-kit'
import { Picture } from './picture.ts'

/** A paragraph that begins like a heading, a list or a quotation stays a paragraph. */
const PlainParagraph = Paragraph.extend({
  parseMarkdown(token, helpers) {
    // A picture by itself would be no paragraph.
    const [only, ...others] = token.tokens ?? []
    if (only?.type !== 'image' || others.length > 0) return this.parent?.(token, helpers) ?? []
    return helpers.createNode('paragraph', undefined, helpers.parseInline([only]))
  },
  renderMarkdown(node, helpers, context) {
    const text = this.parent?.(node, helpers, context) ?? ''
    const plain = text.replaceAll(/^(\s*)(#{1,6}(?=\s|$)|[-+>](?=\s|$)|={2,}$)/gm, '$1\\$2')
    return plain.replaceAll(/^(\s*\d{1,9})([.)](?=\s|$))/gm, '$1\\$2')
  },
})

/** What a text may hold in the editor. Underlining is no Markdown; an address becomes a link on the page by itself. */
export const extensions = [
  StarterKit.configure({
    paragraph: false,
    underline: false,
    link: { openOnClick: false, autolink: false, HTMLAttributes: { target: null, rel: null, class: null } },
  }),
  PlainParagraph,
  Picture,
  TableKit,
]

const manager = new MarkdownManager({ extensions })

/** Markdown as the editor holds it. */
export function parse(markdown: string): JSONContent {
  return manager.parse(markdown)
}

/** What the editor holds as Markdown, the way a person would write it. */
export function write(content: JSONContent): string {
  return tidy(manager.serialize(content))
}

/** What becomes of a text when the editor opens and keeps it. */
export function roundTrip(markdown: string): string {
  return write(parse(markdown))
}

/** Without empty lines in a row, and tables without padding; code stays as it is. */
function tidy(markdown: string): string {
  const lines: string[] = []
  let fence: string | undefined
  for (const line of markdown.split('\n')) {
    const mark = /^\s*(?:>\s*)*(`{3,}|~{3,})/.exec(line)?.[1]
    const isText = fence === undefined && mark === undefined
    if (mark && fence === undefined) fence = mark
    else if (mark && fence !== undefined && mark.startsWith(fence)) fence = undefined
    if (isText && line.trim() === '' && (lines.at(-1) ?? '').trim() === '') continue
    // What lies under the first line of a table says where its columns end.
    const isUnderHead = isRow(lines.at(-1)) && !isRow(lines.at(-2))
    lines.push(isText && isRow(line) ? narrowRow(line.trim(), isUnderHead) : line)
  }
  return lines.join('\n').trim()
}

function isRow(line: string | undefined): boolean {
  return /^\s*\|.*\|\s*$/.test(line ?? '')
}

function narrowRow(row: string, isUnderHead: boolean): string {
  return isUnderHead ? row.replaceAll(/\s+/g, '').replaceAll(/-+/g, '---') : row.replaceAll(/ {2,}\|/g, ' |')
}
