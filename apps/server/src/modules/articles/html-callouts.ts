import type { HtmlElement } from '@mixmark-io/domino'
import type { Language } from '@lahko/contract/values'
import { calloutNames, type CalloutKind } from '#platform/markdown.ts'

/** What is framed, by its classes in Confluence, Zendesk, and the themes and editors of others. */
const frame =
  /^(?:(?:[a-z]+-)*(?:callout|admonition|alert|information-macro)(?:--?[a-z]+)*|note|notice|tip|hint|warning|caution|important|panel)$/i
const framed = 'div, section, aside, blockquote, p'
/** What is longer or has parts is no hint but a text. */
const longest = 2_000
const parts = 'h2 ~ h2, h3 ~ h3, h4 ~ h4'
const kinds: Readonly<Record<Exclude<CalloutKind, 'note'>, RegExp>> = {
  warning: /\b(?:warn|warning|danger|caution|error|important|critical|red|yellow|opozorilo|advarsel)\b/i,
  tip: /\b(?:tip|tips|success|hint|green|namig)\b/i,
}
/** Titles that say no more than the frame does. */
const saysKind =
  /^(?:note|info|information|tip|hint|warning|caution|danger|important|opomba|namig|opozorilo|merk|tips|advarsel)[.:!]?$/i
const titles = '[class*="title"], [class*="Header"], h2, h3, h4, h5, h6'
const blocks = 'p, ul, ol, table, blockquote, div, pre, h2, h3, h4, h5, h6'

/** Makes of the framed hints of a page what becomes `> **Note** …`, in the language of its text. */
export function markCallouts(text: HtmlElement, language: Language): void {
  // Of frames within each other the outer one: by its turn what was in it stands elsewhere.
  for (const one of Array.from(text.querySelectorAll(framed))) {
    if (text.contains(one) && isFrame(one)) quote(one, language)
  }
}

function isFrame(one: HtmlElement): boolean {
  const names = one.className.split(/\s+/)
  if (!names.some((name) => frame.test(name))) return false
  const { length } = one.textContent.trim()
  if (length === 0 || length > longest) return false
  // Confluence has its code in such.
  return !one.querySelector(names.includes('panel') ? `pre, ${parts}` : parts)
}

function quote(one: HtmlElement, language: Language): void {
  for (const icon of Array.from(one.querySelectorAll('[class*="icon"]'))) if (isBlank(icon)) icon.remove()
  const title = takeTitle(one)
  const text = innermost(one)
  const label = `<strong>${calloutNames[kindOf(one, title)][language]}</strong> `
  const first = text.querySelector(blocks)
  const says = title !== undefined && !saysKind.test(title.textContent.trim())
  if (says) text.innerHTML = `<p>${label}${title.innerHTML}</p>${first ? text.innerHTML : `<p>${text.innerHTML}</p>`}`
  else if (!first) text.innerHTML = `<p>${label}${text.innerHTML}</p>`
  else if (first.nodeName === 'P' && isFirstIn(text, first)) first.innerHTML = label + first.innerHTML
  else text.innerHTML = `<p>${label}</p>${text.innerHTML}`
  const whole = one.ownerDocument.createElement('blockquote')
  whole.innerHTML = text.innerHTML
  one.replaceWith(whole)
}

/** What a frame begins with, where that is its title. */
function takeTitle(one: HtmlElement): HtmlElement | undefined {
  const title = one.querySelector(`${titles}, strong, b`)
  if (!title || isBlank(title) || !isFirstIn(one, title)) return undefined
  if (/^(STRONG|B)$/.test(title.nodeName) && !saysKind.test(title.textContent.trim())) return undefined
  title.remove()
  return title
}

function kindOf(one: HtmlElement, title: HtmlElement | undefined): CalloutKind {
  const said = title?.textContent.trim() ?? ''
  const told = saysKind.test(said) ? `${one.className} ${said}` : one.className
  return (['warning', 'tip'] as const).find((kind) => kinds[kind].test(told)) ?? 'note'
}

/** Without boxes that have nothing but another one in them. */
function innermost(one: HtmlElement): HtmlElement {
  const [only, ...more] = Array.from(one.childNodes).filter((child) => child.nodeType === 1 || !isBlank(child))
  return only?.nodeName === 'DIV' && more.length === 0 ? innermost(only) : one
}

function isFirstIn(one: HtmlElement, part: HtmlElement): boolean {
  return one.textContent.trimStart().startsWith(part.textContent.trim())
}

function isBlank(one: HtmlElement): boolean {
  return one.textContent.trim() === ''
}
