import { languages } from '@lahko/contract/values'
import { html, type Html } from '#platform/html.ts'
import { articlePath, trailOf } from './article-page.ts'
import type { CollectionRow } from './collections.queries.ts'
import type { Listed } from './help.queries.ts'
import { breadcrumbOf, langOf, reachOf, titleIn, type HelpPage, type View } from './help-frame.ts'
import { searchBox, searchScript } from './search-page.ts'

export type CollectionPage = {
  collection: CollectionRow
  /** Those in which the reader finds something. */
  collections: readonly CollectionRow[]
  /** Those of this collection and the first ones of those in it. */
  articles: readonly Listed[]
  /** Where its own go on. */
  next?: string
  /** Whether everybody finds something in it. */
  isPublic: boolean
}

/** How many of a collection within another are listed there. */
export const mostOfInner = 8

/** The page of all help: collections of the first level with those in them. */
export function homePage(view: View, collections: readonly CollectionRow[], isPublic: boolean): HelpPage {
  const { say } = view
  const tops = collections.filter(({ parent_id: parent }) => parent === null)
  const main = html`
    <main class="page-main ar" id="main">
      <div>
        <h1>${say('home_title')}</h1>
        <p class="ar-lead">${say(tops.length > 0 ? 'home_lead' : 'home_empty')}</p>
        ${tops.length > 0 ? searchBox(view) : ''}
        <div class="ar-list ar-tail">${tops.map((top) => topOf(view, top, collections))}</div>
      </div>
      <aside class="ar-side" aria-label="${say('beside')}">${reachOf(view)}</aside>
    </main>`
  const alternates = [
    ...languages.map((language) => ({ language, path: `/help/${language}` })),
    { language: 'x-default' as const, path: '/help' },
  ]
  const indexed = { canonical: `/help/${view.language}`, alternates, trail: [] }
  const script = tops.length > 0 && { script: searchScript }
  return { title: say('help'), main, inOther: (other) => `/help/${other}`, ...script, ...(isPublic && { indexed }) }
}

/** The page of one collection: its articles, and those of the collections in it. */
export function collectionPage(view: View, page: CollectionPage): HelpPage {
  const { collection, collections, articles } = page
  const { text: title, language } = titleIn(view, collection.titles)
  const around = trailOf(view, collections, collection.parent_id)
  const own = articles.filter(({ collection_id: id }) => id === collection.id)
  const inner = collections.filter(({ parent_id: id }) => id === collection.id)
  const next = page.next && html`<p class="pagination"><a href="${page.next}">${view.say('more')}</a></p>`
  const main = html`
    <main class="page-main ar" id="main">
      <div>
        ${breadcrumbOf(view, around)}
        <h1${langOf(view, language)}>${title}</h1>
        <div class="ar-list">
          ${own.length > 0 ? html`<ul class="rows">${own.map((one) => rowOf(view, one))}</ul>` : ''}
          ${next ?? ''}
          ${inner.map((one) => innerOf(view, one, page))}
        </div>
      </div>
      <aside class="ar-side" aria-label="${view.say('beside')}">${reachOf(view)}</aside>
    </main>`
  const path = (to: string) => `/help/${to}/${collection.slug}`
  const trail = [...around, { title, path: path(view.language) }]
  const alternates = languages
    .filter((one) => collection.titles[one])
    .map((one) => ({ language: one, path: path(one) }))
  const indexed = { canonical: path(language), alternates, trail }
  return { title, main, inOther: path, ...(page.isPublic && { indexed }) }
}

/** An article in a list. */
function rowOf(view: View, { slug, title, summary, language }: Listed): Html {
  const text = summary === '' ? '' : html`<span class="row-text">${summary}</span>`
  return html`
    <li class="row"${langOf(view, language)}>
      <span><a class="row-title" href="${articlePath({ slug }, view.language)}">${title}</a>${text}</span>
    </li>`
}

function topOf(view: View, top: CollectionRow, collections: readonly CollectionRow[]): Html {
  const inner = collections.filter(({ parent_id: parent }) => parent === top.id)
  const links = inner.map((one) => html`<li>${linkTo(view, one)}</li>`)
  return html`
    <section class="section">
      <h2>${linkTo(view, top)}</h2>
      ${links.length > 0 ? html`<ul class="ar-subs">${links}</ul>` : ''}
    </section>`
}

function innerOf(view: View, inner: CollectionRow, { collections, articles }: CollectionPage): Html {
  const own = articles.filter(({ collection_id: id }) => id === inner.id)
  const further = collections.filter(({ parent_id: parent }) => parent === inner.id)
  const rows = own.slice(0, mostOfInner).map((one) => rowOf(view, one))
  const all = own.length > mostOfInner
  const path = `/help/${view.language}/${inner.slug}`
  return html`
    <section class="section">
      <h2>${linkTo(view, inner)}</h2>
      ${rows.length > 0 ? html`<ul class="rows">${rows}</ul>` : ''}
      ${all ? html`<p class="pagination"><a href="${path}">${view.say('all_of_it')}</a></p>` : ''}
      ${further.length > 0 ? html`<ul class="ar-subs">${further.map((one) => html`<li>${linkTo(view, one)}</li>`)}</ul>` : ''}
    </section>`
}

function linkTo(view: View, { slug, titles }: CollectionRow): Html {
  const { text, language } = titleIn(view, titles)
  return html`<a href="/help/${view.language}/${slug}"${langOf(view, language)}>${text}</a>`
}
