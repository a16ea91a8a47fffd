import type { Language } from '@lahko/contract/values'
import { addressesIn, renderMarkdown, type Rendered } from '#platform/markdown.ts'
import type { Pictures } from './pictures.ts'

/** Is raised whenever the same Markdown becomes other HTML: what readers see is then rendered again. */
export const renderer = 4

/** What the page of an article has besides its text. */
export const takenIds = ['main', 'contents', 'related', 'helpful', 'reach']

// By its file, in whatever folder: `../paying/gift-card.md`, `gift-card.sl.md#validity`.
const ofFile = /^(?:[^:?#]*\/)?([a-z0-9][a-z0-9-]{0,38}[a-z0-9])(?:\.(?:en|sl|nb))?\.md(#.*)?$/

/**
 * The text of an article as its page shows it; links to files of other articles lead to their pages.
 * @param pictures those that the text names, as `picturesIn` finds them
 */
export function renderArticle(body: string, language: Language, pictures: Pictures): Rendered {
  return renderMarkdown(body, {
    ...{ language, taken: takenIds },
    linkOf: (address) => pageOf(address, language),
    pictureOf: (address) => pictures.get(address),
  })
}

function pageOf(address: string, language: Language): string | undefined {
  const [, slug, place = ''] = ofFile.exec(address) ?? []
  return slug === undefined ? undefined : `/help/${language}/${slug}${place}`
}

/** The articles that a text links to, by their names in addresses, and the pictures that it would show. */
export function referencesIn(body: string): { articles: string[]; pictures: string[] } {
  const { links, pictures } = addressesIn(body)
  return { articles: [...new Set(links.flatMap((address) => ofFile.exec(address)?.[1] ?? []))], pictures }
}
