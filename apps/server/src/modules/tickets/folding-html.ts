/** An element, by the places where its tags begin and end. */
type Element = { tag: string; parent?: Element; start: number; inner: number; innerEnd: number; end: number }
type Fold = { start: number; end: number }

const anyTag = /<(\/?)([a-z][a-z0-9]*)\b[^>]*>/gi
const single = /^(area|br|col|hr|img|wbr)$/i
const blockquote = /^<blockquote\b/i
/** What programs put around the answered mail and the line that says whose it is. */
const container = /^<div\b[^>]*\bclass="[^"]*\b(gmail_quote|yahoo_quoted)\b/i
/** Programs of Microsoft close the answered mail into nothing: below its head all is quoted. */
const outlook = /^<div\b[^>]*\bclass="[^"]*\boutlook_quote\b/i
const outlookLine = /^<div\b[^>]*\bborder-top:[^;"]*\bsolid\b/i
const headFrom = /^\s*(from|von|od|pošiljatelj|fra|de)\s*:/i

/**
 * Folds what is quoted, the outermost of each, so that what is new is in sight. Nothing is folded where nothing else
 * was written. Pure, linear.
 * @param html cleaned: balanced, without signs of tags in attributes
 */
export function foldQuotes(html: string, summary: string): string {
  const folds = foldsIn(html)
  const outside = outsideOf(html, folds)
  if (!outside.some(isVisible)) return html
  const quoted = folds.map(
    ({ start, end }) => `<details><summary>${summary}</summary>${html.slice(start, end)}</details>`,
  )
  return outside.map((own, place) => own + (quoted[place] ?? '')).join('')
}

function foldsIn(html: string): Fold[] {
  const folds: Fold[] = []
  let done = 0
  let mixedEnd = 0
  let visible = false
  /** Those that hold nothing that is visible before the present one, the outermost first. */
  let begun: Element[] = []
  for (const element of elementsOf(html)) {
    if (element.start < done) continue
    const isNew = isVisible(html.slice(done, element.start))
    visible ||= isNew
    begun = [...(isNew ? [] : begun.filter(({ end }) => end > element.start)), element]
    done = element.inner
    const isContainer = container.test(element.tag) && element.start >= mixedEnd
    if (isContainer && isMixed(html, element)) mixedEnd = element.end
    const isWhole = blockquote.test(element.tag) || (isContainer && element.start >= mixedEnd)
    const from = visible && isHead(html, element) ? begun[0]! : undefined
    if (!isWhole && !from) continue
    const fold = from ? { start: from.start, end: from.parent?.innerEnd ?? html.length } : element
    folds.push(fold)
    done = fold.end
    begun = []
  }
  return folds
}

/** Whether somebody answers between and below what they quote. */
function isMixed(html: string, { inner, innerEnd }: Element): boolean {
  const quotes = elementsOf(html.slice(inner, innerEnd)).filter(({ tag }) => blockquote.test(tag))
  return quotes.length > 0 && outsideOf(html.slice(inner, innerEnd), outermost(quotes)).slice(1).some(isVisible)
}

function isHead(html: string, { tag, inner }: Element): boolean {
  if (outlook.test(tag)) return true
  return outlookLine.test(tag) && headFrom.test(withoutTags(html.slice(inner, inner + 3_000)))
}

function outermost(folds: readonly Fold[]): Fold[] {
  let end = 0
  return folds.filter((fold) => {
    if (fold.start < end) return false
    end = fold.end
    return true
  })
}

/** What stands before, between and after. */
function outsideOf(html: string, folds: readonly Fold[]): string[] {
  const ends = [0, ...folds.map(({ end }) => end)]
  return ends.map((end, place) => html.slice(end, folds[place]?.start))
}

function isVisible(html: string): boolean {
  return /<img\b/i.test(html) || /[^\s\u200b-\u200d\ufeff]/.test(withoutTags(html))
}

function withoutTags(html: string): string {
  return html.replaceAll(/<[^<>]*>/g, '')
}

/** In the order in which they begin. */
function elementsOf(html: string): Element[] {
  const all: Element[] = []
  const open: Element[] = []
  for (const { 0: tag, 1: closes, 2: name, index } of html.matchAll(anyTag)) {
    const end = index + tag.length
    if (closes) Object.assign(open.pop() ?? {}, { innerEnd: index, end })
    else if (!single.test(name!)) {
      const element = { tag, parent: open.at(-1), start: index, inner: end, innerEnd: html.length, end: html.length }
      all.push(element)
      open.push(element)
    }
  }
  return all
}
