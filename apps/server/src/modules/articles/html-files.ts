import domino, { type HtmlDocument, type HtmlElement } from '@mixmark-io/domino'
import { plainText, beginningOf } from '#platform/plain-text.ts'
import { FileFault, type ArticleFile, type OtherFile } from './article-files.ts'
import { slugOf } from './addresses.ts'
import { placesIn, type Places } from './html-anchors.ts'
import { markCallouts } from './html-callouts.ts'
import { decoded, isHtml, localPath, pageAt, type Page, type Pages } from './html-names.ts'
import { markdownOf } from './html-markdown.ts'

/** What frames a text in pages of other help centres. */
const around = 'script, style, noscript, template, nav, header, footer, form, button, svg, [hidden], .toc-macro'
/** Where the text stands in them, the surest first. */
const places = ['#main-content', '[itemprop=articleBody]', '.article-body', 'article', 'main', '[role=main]', 'body']

/**
 * Reads a page of another help centre: its title from its first heading, its summary from its description, and its
 * text as Markdown, with links to other pages of the folder and to places in them, paths of its pictures, and what is
 * framed as callouts. No HTML is left in it.
 * @throws FileFault
 */
export function readHtmlFile(page: Page, html: string, pages: Pages): ArticleFile & { pictures: OtherFile[] } {
  const document = domino.createDocument(html)
  const heading = headingOf(document)
  const title = titleOf(heading, document.title)
  if (title === '') throw new FileFault('articles.file_without_title')
  const summary = document.querySelector('meta[name=description]')?.getAttribute('content') ?? ''
  const text = textOf(document)
  if (!text) throw new FileFault('articles.file_without_text')
  markCallouts(text, page.language)
  // Confluence has it so; without, lines of programs would be put together.
  for (const one of Array.from(text.querySelectorAll('pre')))
    if (!one.querySelector('code')) one.innerHTML = `<code>${one.innerHTML}</code>`
  const own = placesIn(text)
  for (const link of Array.from(text.querySelectorAll('a[href]'))) leadOn(link, page, { pages, own })
  const pictures = Array.from(text.querySelectorAll('img')).flatMap((image, at) => showHere(image, page, at))
  const body = plainText(markdownOf(text))
  if (body.length > 100_000) throw new FileFault('articles.file_body')
  return { title: oneLine(title, 160), summary: oneLine(summary, 400), body, pictures }
}

/** The text of a page, in the letters that it says it is written in. */
export function decodeHtml(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1')
  const said = /<meta[^>]+charset=["']?\s*([\w-]+)/i.exec(head)?.[1]
  try {
    return new TextDecoder(said ?? 'utf-8').decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes)
  }
}

function headingOf(document: HtmlDocument): HtmlElement | undefined {
  return document.querySelector('#title-text') ?? document.querySelector('h1')
}

/** What is to be read, without the title and what frames it. */
function textOf(document: HtmlDocument): HtmlElement | undefined {
  headingOf(document)?.remove()
  for (const one of Array.from(document.querySelectorAll(around))) one.remove()
  return places.map((place) => document.querySelector(place)).find((one) => one && !isEmpty(one))
}

function titleOf(heading: HtmlElement | undefined, fallback: string): string {
  const title = (heading?.textContent.trim() || fallback).trim()
  // Confluence puts the name of the space before it.
  return heading?.id === 'title-text' ? title.replace(/^.*? : /s, '') : title
}

function leadOn(link: HtmlElement, page: Page, { pages, own }: { pages: Pages; own: Places }): void {
  const address = link.getAttribute('href') ?? ''
  const within = address.startsWith('#')
  const to = within ? page : pageAt(address, page.path, pages)
  const path = localPath(address, page.path)
  const place = address.includes('#') ? placeIn(address, to?.path === page.path ? own : placesOf(to, pages)) : ''
  if (within && place === '') link.removeAttribute('href')
  else if (to) link.setAttribute('href', to === page && place !== '' ? place : `${to.slug}.md${place}`)
  else if (path !== undefined && isHtml(path)) link.setAttribute('href', `${slugOf(nameIn(path))}.md`)
  else if (path !== undefined) link.setAttribute('href', rooted(path))
}

/** What an address says after `#`, as the place is called here; empty where there is none. */
function placeIn(address: string, known: Places): string {
  const [, wanted = ''] = /#(.*)$/s.exec(address) ?? []
  const found = known.get(wanted) ?? known.get(decoded(wanted))
  return found === undefined ? '' : `#${found}`
}

const placesOfPages = new WeakMap<Pages, Map<string, Places>>()

/** The places of another page, read once for all that lead there. */
function placesOf(to: Page | undefined, pages: Pages): Places {
  const html = to && pages.texts.get(to.path)
  if (html === undefined) return new Map()
  const known = placesOfPages.get(pages) ?? new Map<string, Places>()
  placesOfPages.set(pages, known)
  const there = known.get(to!.path)
  if (there) return there
  const text = textOf(domino.createDocument(html))
  if (text) markCallouts(text, to!.language)
  const places: Places = text ? placesIn(text) : new Map()
  known.set(to!.path, places)
  return places
}

/** A picture that stands in the page itself becomes a file beside it. */
function showHere(image: HtmlElement, { path }: Page, at: number): OtherFile[] {
  const address = image.getAttribute('src') ?? ''
  const [, data] = /^data:image\/[a-z+.-]+;base64,(.*)$/is.exec(address) ?? []
  const local = data === undefined ? localPath(address, path) : `${path}.${at + 1}.png`
  if (local !== undefined) image.setAttribute('src', rooted(local))
  return data === undefined || !local ? [] : [{ path: local, read: async () => Buffer.from(data, 'base64') }]
}

/** As a destination in Markdown, seen from the root of the folder. */
function rooted(path: string): string {
  return `/${encodeURI(path).replaceAll('(', '%28').replaceAll(')', '%29')}`
}

function nameIn(path: string): string {
  return path
    .split('/')
    .at(-1)!
    .replace(/\.x?html?$/i, '')
}

function isEmpty(one: HtmlElement): boolean {
  return one.textContent.trim() === '' && !one.querySelector('img, iframe, video')
}

function oneLine(text: string, most: number): string {
  return beginningOf(plainText(text.replaceAll(/\s+/g, ' ')), most).trim()
}
