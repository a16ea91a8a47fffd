import type { HtmlElement } from '@mixmark-io/domino'
import { headingIds } from '#platform/markdown.ts'
import { isTable } from './html-markdown.ts'
import { takenIds } from './rendering.ts'

/** Where links within a page lead, by the id or the name that a place had: the id that a heading will have. */
export type Places = ReadonlyMap<string, string>

const text = 3

/**
 * The headings to which the places of a page belong: the one in which a place is, the one that follows it at once, or
 * the last one above it. What stands above all headings leads nowhere.
 */
export function placesIn(page: HtmlElement): Places {
  const idFor = headingIds(takenIds)
  const places = new Map<string, string>()
  let heading: string | undefined
  let waiting: string[] = []
  const settle = () => {
    for (const name of waiting) if (heading !== undefined && !places.has(name)) places.set(name, heading)
    waiting = []
  }
  const visit = (node: HtmlElement, inTable: boolean) => {
    if (node.nodeType === text && node.textContent.trim() !== '') settle()
    if (node.nodeType !== 1) return
    waiting.push(...namesOf(node))
    const said = headingText(node)
    if (said !== '' && !inTable) {
      heading = idFor(said)
      for (const part of Array.from(node.querySelectorAll('[id], a[name]'))) waiting.push(...namesOf(part))
      settle()
      return
    }
    const inside = inTable || isTable(node)
    for (const child of Array.from(node.childNodes)) visit(child, inside)
    // What stands at the end of a paragraph is about it, and not about what follows.
    if (/^(P|LI|TD|PRE)$/.test(node.nodeName) && node.textContent.trim() !== '') settle()
  }
  visit(page, false)
  settle()
  return places
}

/** Of pictures what they are called, as the heading will have it. */
function headingText(node: HtmlElement): string {
  if (!/^H[1-6]$/.test(node.nodeName)) return ''
  const pictures = Array.from(node.querySelectorAll('img'), (one) => one.getAttribute('alt') ?? '')
  return node.textContent.trim() || pictures.join(' ').trim()
}

function namesOf(node: HtmlElement): string[] {
  const name = node.nodeName === 'A' ? node.getAttribute('name') : null
  return [node.id, name ?? ''].filter((one) => one !== '')
}
