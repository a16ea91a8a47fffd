import type { Suggested } from '#articles'
import { html, raw, type Html } from '#platform/html.ts'
import { ownName } from '#platform/page-frame.ts'
import type { RequestPage, View } from './request-frame.ts'
import type { SentForm } from './reading-forms.ts'

/** Where the form shows what may answer it, while it is written. */
export function placeOfSuggestions(): Html {
  return html`<p class="visually-hidden" id="fits-said" role="status"></p><div class="rq-fits" id="fits" hidden></div>`
}

/** What may answer it, as the form shows it; nothing where nothing fits. */
export function suggestionsOf(view: View, fits: readonly Suggested[]): Html | '' {
  if (fits.length === 0) return ''
  const { say } = view
  return html`
    <section aria-labelledby="fits-title" data-said="${say('fits_said', { count: fits.length })}">
      <h2 id="fits-title">${say('fits_title')}</h2>
      ${listOf(view, fits)}
    </section>`
}

/** The step between form and sending, for whoever has not seen them yet: nothing that was filled in is lost. */
export function suggestionsPage(
  view: View,
  { fits, sent, token, kept }: { fits: readonly Suggested[]; sent: SentForm; token: string; kept: readonly string[] },
): RequestPage {
  const { say } = view
  const filled = [...sent.fields].filter(([name]) => /^(name|address|topic|message|f-[\w-]+)$/.test(name))
  const hidden = [...filled, ...kept.map((id) => [`keep-${id}`, 'yes'] as const), ['looked', 'yes'] as const]
  const main = html`
    <div class="rq-lead">
      <h1>${say('step_title')}</h1>
      <p>${say('step_lead')}</p>
    </div>
    <div class="rq-fits">${listOf(view, fits)}</div>
    <form class="rq-acts" method="post" action="/requests/new" enctype="multipart/form-data">
      ${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
      ${carriedOf(view, token)}
      <button class="button" data-tone="accent">${say('send_anyway')}</button>
      <button class="button" data-tone="plain" name="change" value="yes">${say('change')}</button>
    </form>
    ${solvedForm(view, token)}`
  return { title: say('step_title'), main }
}

/** What every form of a request carries along, and the script with it: which one it is, and the language of its page. */
export function carriedOf({ language }: View, token: string): Html {
  return html`
    <input type="hidden" name="token" value="${token}">
    <input type="hidden" name="lang" value="${language}">`
}

/** The form behind *this solved it*, wherever its button stands: it says no more than that. */
export function solvedForm(view: View, token: string): Html {
  return html`<form id="solved" method="post" action="/requests/solved">${carriedOf(view, token)}</form>`
}

/** Which article solved it, where one was named, and the question of a survey, where readers are asked. */
export type Solved = { article?: string; question?: Html }

/** The page that says that nothing was sent. */
export function solvedPage({ language, say, help }: View, { article, question }: Solved): RequestPage {
  const main = html`
    <div class="rq-lead">
      <h1>${say('solved_title')}</h1>
      <p>${say('solved_lead')}</p>
    </div>
    <div class="rq-acts">
      <a class="button" href="${help ?? `/?lang=${language}`}">${say('read_on')}</a>
      <a class="button" data-tone="plain" href="/requests/new?lang=${language}">${say('another')}</a>
    </div>
    ${question ?? ''}`
  const about = article === undefined ? '' : `&article=${article}`
  return { title: say('solved_title'), main, inOther: (other) => `/requests/solved?lang=${other}${about}` }
}

function listOf(view: View, fits: readonly Suggested[]): Html {
  return html`<ul class="rows">${fits.map((one) => linkTo(view, one))}</ul>`
}

/** One article, beside the form: what is written in it stays. Whoever says that it solved the matter says which one did. */
function linkTo({ language, say }: View, { id, title, summary, path, language: own }: Suggested): Html {
  const other = own !== language
  return html`
    <li class="row">
      <span>
        <a class="row-title" href="${path}" target="_blank" rel="noopener"${raw(other ? ` lang="${own}"` : '')}>${title} <span class="visually-hidden" lang="${language}">${say('opens_beside')}</span></a>
        ${summary === '' ? '' : html`<span class="row-text"${raw(other ? ` lang="${own}"` : '')}>${summary}</span>`}
        <button class="button" form="solved" name="article" value="${id}">${say('solved_it')} <span class="visually-hidden"${raw(other ? ` lang="${own}"` : '')}>${title}</span></button>
      </span>
      ${other ? html`<span class="row-end">${ownName(own)}</span>` : ''}
    </li>`
}
