import type { HtmlElement } from '@mixmark-io/domino'
import TurndownService from 'turndown'

const service = new TurndownService({
  headingStyle: 'atx',
  bulletListMarker: '-',
  codeBlockStyle: 'fenced',
  emDelimiter: '*',
  hr: '---',
})
service.addRule('struck', { filter: ['del', 's'], replacement: (content) => `~~${content}~~` })
service.addRule('folded', { filter: 'summary', replacement: (content) => `\n\n**${content.trim()}**\n\n` })
service.addRule('unfolded', { filter: 'details', replacement: (content) => `\n\n${content}\n\n` })
service.addRule('played', { filter: ['iframe', 'video'], replacement: (_, node) => playedBy(node) })
service.addRule('tabled', {
  filter: 'table',
  replacement: (content, node) => (isTable(node) ? `\n\n${tableOf(rowsOf(node))}\n\n` : `\n\n${content}\n\n`),
})

/** What an element says, in Markdown without HTML. Pure. */
export function markdownOf(element: HtmlElement): string {
  return service.turndown(element)
}

/** Whether an element stays a table: one with a single column, or with tables in it, only lays a page out. */
export function isTable(element: HtmlElement): boolean {
  if (element.nodeName !== 'TABLE' || element.querySelector('table')) return false
  const rows = Array.from(element.querySelectorAll('tr'))
  return rows.some((row) => row.querySelectorAll('th, td').length > 1)
}

/** A link in a paragraph of its own: what shows videos here, and leads on to all else. */
function playedBy(node: HtmlElement): string {
  const source = node.getAttribute('src') ?? node.querySelector('source')?.getAttribute('src') ?? ''
  const address = source.replace(/^\/\//, 'https://')
  const title = (node.getAttribute('title') ?? '').replaceAll(/[[\]\s]+/g, ' ').trim()
  if (!/^https?:\/\/[^\s<>()]+$/i.test(address)) return ''
  return title === '' ? `\n\n<${address}>\n\n` : `\n\n[${title}](${address})\n\n`
}

function rowsOf(table: HtmlElement): string[][] {
  return Array.from(table.querySelectorAll('tr'), (row) => Array.from(row.querySelectorAll('th, td'), cellOf))
}

function cellOf(cell: HtmlElement): string {
  return service
    .turndown(cell)
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', String.raw`\|`)
    .trim()
}

/** Its first row is its head: Markdown knows no table without. */
function tableOf(rows: readonly string[][]): string {
  const width = Math.max(...rows.map(({ length }) => length))
  const line = (cells: readonly string[]) =>
    `| ${Array.from({ length: width }, (_, at) => cells[at] ?? '').join(' | ')} |`
  const [head = [], ...others] = rows.filter(({ length }) => length > 0)
  return [line(head), `|${' --- |'.repeat(width)}`, ...others.map(line)].join('\n')
}
