import type { Language } from '@lahko/contract/values'
import { html, raw, type Html } from '#platform/html.ts'
import { ownName } from '#platform/page-frame.ts'
import { localeOf, words } from '#platform/words.ts'
import { pathOf } from './collections.ts'
import type { CollectionRow } from './collections.queries.ts'
import type { Listed, Shown } from './help.queries.ts'
import { videoScript } from './videos.ts'
import { breadcrumbOf, langOf, reachOf, titleIn, type HelpPage, type Trail, type View } from './help-frame.ts'

export type ArticlePage = {
  article: Shown
  collections: readonly CollectionRow[]
  related: readonly Listed[]
}

/** The page of an article, in its own language or in the best one that there is. */
export function articlePage(view: View, page: ArticlePage): HelpPage {
  const { article, collections } = page
  const path = articlePath(article, view.language)
  const trail = trailOf(view, collections, article.collection_id)
  const main = html`
    <main class="page-main ar" id="main">
      <article>
        ${breadcrumbOf(view, trail)}
        ${article.language === view.language ? '' : html`<p class="banner">${fallbackOf(view, article)}</p>`}
        <div${langOf(view, article.language)}>
          <h1>${article.title}</h1>
          ${article.summary === '' ? '' : html`<p class="ar-lead">${article.summary}</p>`}
        </div>
        <p class="ar-meta">${metaOf(view, article)}</p>
        <div class="prose"${langOf(view, article.language)}>${raw(article.html)}</div>
        ${helpfulOf(view, path)}
      </article>
      <aside class="ar-side" aria-label="${view.say('beside')}">
        ${contentsOf(view, article)}${relatedOf(view, page.related)}${reachOf(view)}
      </aside>
    </main>`
  const inOther = (language: Language) => articlePath(article, language)
  const script = videoScript(article.html)
  const known = { title: article.title, description: article.summary, ...(script && { script }) }
  return { ...known, main, inOther, ...indexedOf(article, trail) }
}

/** Where an article is read. */
export function articlePath({ slug }: { slug: string }, language: Language): string {
  return `/help/${language}/${slug}`
}

/** The collections around something, as a page shows them. */
export function trailOf(view: View, collections: readonly CollectionRow[], collectionId: string | null): Trail {
  const path = collectionId === null ? [] : pathOf(collections, { id: collectionId })
  const around = path.map(({ slug, titles }) => {
    const { text, language } = titleIn(view, titles)
    return { title: text, language, path: `/help/${view.language}/${slug}` }
  })
  return [{ title: view.say('help'), path: `/help/${view.language}` }, ...around]
}

/** Only what everybody may read is for search engines, under the address of its own language. */
function indexedOf(article: Shown, trail: Trail): Pick<HelpPage, 'indexed'> {
  if (article.audience !== 'public') return {}
  const canonical = articlePath(article, article.language)
  const alternates = article.languages.map((language) => ({ language, path: articlePath(article, language) }))
  return { indexed: { canonical, alternates, trail: [...trail, { title: article.title, path: canonical }] } }
}

function fallbackOf({ say, language }: View, article: Shown): string {
  const named = words(language, `help.in_${article.language}`)
  return say('fallback', { language: named })
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** There are as many as languages and time zones; making one takes as long as putting a page together. */
function dateFormat(language: Language, timeZone: string): Intl.DateTimeFormat {
  const key = `${language} ${timeZone}`
  const known = formats.get(key) ?? new Intl.DateTimeFormat(localeOf[language], { dateStyle: 'long', timeZone })
  formats.set(key, known)
  return known
}

function metaOf(view: View, article: Shown): Html {
  const { say, language, brand } = view
  const others = article.languages.filter((other) => other !== article.language)
  const links = others.map(
    (other) =>
      html` · <a href="${articlePath(article, other)}" lang="${other}" hreflang="${other}">${ownName(other)}</a>`,
  )
  const updated = say('updated', { date: dateFormat(language, brand.timeZone).format(article.published_at) })
  return html`${updated} · ${say('minutes', { minutes: article.minutes })}${links}`
}

function helpfulOf({ say }: View, path: string): Html {
  return html`
    <section class="ar-ask" aria-labelledby="helpful">
      <form class="ar-yes" method="post" action="${path}/helpful">
        <h2 id="helpful">${say('helpful')}</h2>
        <div class="buttons">
          <button class="button" name="helpful" value="yes">${say('yes')}</button>
          <button class="button" name="helpful" value="no">${say('not_yet')}</button>
        </div>
      </form>
    </section>`
}

function contentsOf(view: View, { contents, language }: Shown): Html | '' {
  const parts = contents.filter(({ level }) => level === 2)
  if (parts.length < 2) return ''
  return html`
    <nav class="ar-toc" aria-labelledby="contents">
      <h2 id="contents">${view.say('on_this_page')}</h2>
      ${parts.map(({ id, text }) => html`<a href="#${id}"${langOf(view, language)}>${text}</a>`)}
    </nav>`
}

function relatedOf(view: View, related: readonly Listed[]): Html | '' {
  if (related.length === 0) return ''
  return html`
    <nav aria-labelledby="related">
      <h2 id="related">${view.say('related')}</h2>
      ${related.map((one) => html`<a href="${articlePath(one, view.language)}"${langOf(view, one.language)}>${one.title}</a>`)}
    </nav>`
}
