import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Language } from '@lahko/contract/values'
import { html, type Html } from '#platform/html.ts'
import { ownName } from '#platform/page-frame.ts'
import { pageScript } from '#platform/page-script.ts'
import { articlePath } from './article-page.ts'
import type { Listed } from './help.queries.ts'
import { breadcrumbOf, langOf, reachOf, type HelpPage, type Say, type View } from './help-frame.ts'
import type { OwnFound } from './readers.ts'
import type { Answers } from './searching.ts'

/** Shows below the box what may answer while it is typed. */
export const searchScript = pageScript(readFileSync(fileURLToPath(new URL('./typing.js', import.meta.url)), 'utf8'))

/** The box in which people ask. */
export function searchBox({ language, say }: { language: Language; say: Say }, asked = ''): Html {
  return html`
    <form class="search" data-size="large" role="search" action="/help/search">
      <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><circle cx="9" cy="9" r="5.5"/><path d="m13.2 13.2 3.8 3.8"/></svg>
      <label class="visually-hidden" for="q">${say('question')}</label>
      <input class="input" id="q" name="q" type="search" placeholder="${say('question')}" autocomplete="off" maxlength="300" value="${asked}">
      <input type="hidden" name="lang" value="${language}">
      <button class="button" data-tone="accent">${say('search')}</button>
    </form>`
}

/** What may answer a question that is still typed, as the list below the box; nothing where nothing was found. */
export function typedList(
  { language, say }: { language: Language; say: Say },
  items: readonly Listed[],
  own: readonly OwnFound[],
): Html | '' {
  if (items.length + own.length === 0) return ''
  const count = say('found', { count: items.length + own.length })
  const ownOptions = own.map(
    ({ number, subject, standing }, at) => html`
      <a role="option" id="found-${at}" tabindex="-1" aria-selected="false" href="/requests/${number}?lang=${language}" rel="nofollow">
        <strong>${subject}</strong><span>${say('own_request', { number })}</span><small>${standing}</small>
      </a>`,
  )
  const options = items.map((one, at) => {
    const label = one.language === language ? '' : html`<span lang="${one.language}">${ownName(one.language)}</span>`
    return html`
      <a role="option" id="found-${own.length + at}" tabindex="-1" aria-selected="false" href="${articlePath(one, one.language)}" rel="nofollow"${langOf({ language }, one.language)}>
        <strong>${one.title}</strong>${label}${one.summary === '' ? '' : html`<small>${one.summary}</small>`}
      </a>`
  })
  return html`<div class="found" id="found" role="listbox" aria-label="${say('search_title')}" data-said="${count}">${ownOptions}${options}</div>`
}

/**
 * What was found for a question; where nothing fits, the way to people, with the question carried over.
 * @param kept the id of the search where it is kept: the links say from which they lead
 */
export function searchPage(
  view: View,
  { asked, answers, own }: { asked: string; answers: Answers | undefined; own: readonly OwnFound[] },
  kept?: string,
): HelpPage {
  const { say } = view
  const title = asked === '' ? say('search_title') : say('search_for', { question: asked })
  const main = html`
    <main class="page-main ar" id="main">
      <div>
        ${breadcrumbOf(view, [{ title: say('help'), path: `/help/${view.language}` }])}
        <h1>${say('search_title')}</h1>
        ${searchBox(view, asked)}
        ${ownOf(view, own)}
        ${answers ? resultsOf(view, asked, answers, kept) : ''}
      </div>
      <aside class="ar-side" aria-label="${say('beside')}">${reachOf(view, asked)}</aside>
    </main>`
  const query = new URLSearchParams({ q: asked })
  const inOther = (language: Language) => `/help/search?${query.toString()}&lang=${language}`
  return { title, main, inOther, canonical: inOther(view.language), script: searchScript }
}

/** Requests of the reader's own that the question is about. */
function ownOf({ language, say }: View, own: readonly OwnFound[]): Html | '' {
  if (own.length === 0) return ''
  const rows = own.map(
    ({ number, subject, standing }) => html`
      <li class="row">
        <span><a class="row-title" href="/requests/${number}?lang=${language}">${subject}</a><span class="row-text">${standing}</span></span>
        <span class="row-end">${say('own_request', { number })}</span>
      </li>`,
  )
  return html`<section class="ar-tail ar-list section"><h2>${say('own_requests')}</h2><ul class="rows">${rows}</ul></section>`
}

function resultsOf(
  view: View,
  asked: string,
  { items, suggestions, corrected }: Answers,
  kept: string | undefined,
): Html {
  const { say } = view
  const own = items.filter(({ language }) => language === view.language)
  const others = items.filter(({ language }) => language !== view.language)
  const fits = suggestions.length > 0
  return html`
    <div class="ar-tail ar-list">
      ${corrected === null ? '' : html`<p>${say('understood_as', { question: corrected })}</p>`}
      ${fits ? '' : nothingFits(view, asked)}
      <p class="quiet" role="status">${say(fits ? 'found' : items.length > 0 ? 'found_near' : 'found_none', { count: items.length })}</p>
      ${own.length > 0 ? html`<ul class="rows">${own.map((one) => resultOf(view, one, kept))}</ul>` : ''}
      ${
        others.length > 0
          ? html`<section class="section"><h2>${say('in_other_languages')}</h2><ul class="rows">${others.map((one) => resultOf(view, one, kept))}</ul></section>`
          : ''
      }
    </div>`
}

function nothingFits({ form, language, say }: View, asked: string): Html {
  if (form === undefined) return html`<p class="banner">${say('nothing_fits')}</p>`
  const query = new URLSearchParams({ lang: language, message: asked })
  return html`
    <div class="banner">
      <div>
        <p><strong>${say('nothing_fits')}</strong> ${say('nothing_fits_ask')}</p>
        <p class="buttons"><a class="button" href="${form}?${query.toString()}">${say('ask_this')}</a></p>
      </div>
    </div>`
}

/** A result in another language leads to that language: nobody is shown less than was found. */
function resultOf(view: View, one: Listed, kept: string | undefined): Html {
  const own = one.language === view.language
  const text = one.summary === '' ? '' : html`<span class="row-text">${one.summary}</span>`
  const label = own ? '' : html`<span class="row-end">${ownName(one.language)}</span>`
  return html`
    <li class="row"${langOf(view, one.language)}>
      <span><a class="row-title" href="${articlePath(one, one.language)}${kept === undefined ? '' : `?s=${kept}`}" rel="nofollow">${one.title}</a>${text}</span>${label}
    </li>`
}
