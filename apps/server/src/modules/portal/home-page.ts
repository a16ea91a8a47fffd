import type { HelpAtHome } from '#articles'
import { html, raw, type Html } from '#platform/html.ts'
import { localeOf } from '#platform/words.ts'
import { inLanguage, type OpenQuestion } from '#surveys'
import type { RequestAtHome, RequestsAtHome } from '#tickets'
import type { View } from './portal-frame.ts'

/** What the home shows besides the ways to people. */
export type Home = {
  /** Undefined for whoever finds nothing to read. */
  help: HelpAtHome | undefined
  /** Undefined for whoever is not signed in. */
  own: RequestsAtHome | undefined
  questions: readonly OpenQuestion[]
}

/** The home: one search and what people come for, one's own, what is asked, and people. */
export function homePage(view: View, { help, own, questions }: Home): Html {
  const asks = questions.length > 0
  const helps = help !== undefined || view.requests || view.articles
  return html`
    <main class="page-main po" id="main">
      ${help ? askOf(view, help) : helps ? leadOf(view) : ''}
      ${own ? openOf(view, own) : ''}
      ${own ? solvedOf(view, own) : ''}
      ${helps ? '' : titleOf(view, asks)}
      ${reachOf(view, help !== undefined)}
      ${asks ? askedOf(view, questions, helps) : ''}
    </main>`
}

function askOf({ say }: View, { search, tasks }: HelpAtHome): Html {
  const links = tasks.map(({ title, path }) => html`<li><a href="${path}">${title}</a></li>`)
  return html`
    <section class="po-ask" aria-labelledby="ask">
      <h1 id="ask">${say('ask_title')}</h1>
      ${search}
      ${links.length > 0 ? html`<ul class="po-tasks" aria-label="${say('tasks')}">${links}</ul>` : ''}
    </section>`
}

/** Where there is nothing to search: what can be done, as buttons. */
function leadOf({ language, say, form, requests, articles }: View): Html {
  const ask =
    form &&
    html`<a class="button" data-tone="accent" data-size="large" href="${form}?lang=${language}">${say('ask_for_help')}</a>`
  const read = html`<a class="button" data-size="large" href="/help/${language}">${say('read_help')}</a>`
  const own = html`<a class="button" data-size="large" href="/requests?lang=${language}">${say('see_requests')}</a>`
  return html`
    <section class="po-lead">
      <h1>${say('help_title')}</h1>
      <p class="quiet">${say(form ? 'help_lead' : requests ? 'help_lead_own' : 'help_lead_read')}</p>
      <div class="buttons">${ask ?? ''}${articles ? read : ''}${requests ? own : ''}</div>
    </section>`
}

function openOf(view: View, { open, more }: RequestsAtHome): Html | '' {
  const { language, say } = view
  if (open.length === 0) return ''
  const rows = open.map((one) => {
    const next = html`<span class="row-text">${say(`next_${one.status}`)}</span>`
    return rowOf(view, one, { lead: letter, next, end: say('request_number', { number: one.number }) })
  })
  return html`
    <section class="section" data-rule="firm" aria-labelledby="mine">
      <h2 id="mine">${say('own_open')}</h2>
      <ul class="rows">${rows}</ul>
      ${more ? html`<p><a href="/requests?lang=${language}">${say('all_own')}</a></p>` : ''}
    </section>`
}

function solvedOf(view: View, { solved }: RequestsAtHome): Html | '' {
  const { brand, language, say } = view
  if (solved.length === 0) return ''
  const date = new Intl.DateTimeFormat(localeOf[language], { dateStyle: 'medium', timeZone: brand.timeZone })
  const rows = solved.map((one) => rowOf(view, one, { lead: tick, end: date.format(one.changedAt) }))
  return html`
    <section class="section" data-rule="firm" aria-labelledby="solved">
      <h2 id="solved">${say('own_solved')}</h2>
      <ul class="rows">${rows}</ul>
    </section>`
}

function rowOf(
  { language }: View,
  { number, subject }: RequestAtHome,
  { lead, next, end }: { lead: Html; next?: Html; end: string },
): Html {
  return html`
    <li class="row">
      <span class="row-lead">${lead}</span>
      <span><a class="row-title" href="/requests/${number}?lang=${language}">${subject}</a> ${next ?? ''}</span>
      <span class="row-end">${end}</span>
    </li>`
}

/** Where there is nothing but questions of ours. */
function titleOf({ say }: View, asks: boolean): Html {
  return html`
    <section class="po-lead">
      <h1>${say('title')}</h1>
      <p class="quiet">${say(asks ? 'lead' : 'nothing_asked')}</p>
    </section>`
}

/** @param lead whether it is said here what they are */
function askedOf({ brand, language, say }: View, questions: readonly OpenQuestion[], lead: boolean): Html {
  const rows = questions.map(({ address, content }) => {
    const text = inLanguage(content.score.text, language, content, brand.name)
    return html`<li class="row"><a class="row-title" href="${address}?lang=${language}">${text}</a></li>`
  })
  return html`
    <section class="section" data-rule="firm" aria-labelledby="asked">
      <h2 id="asked">${say('asked_now')}</h2>
      ${lead ? html`<p class="quiet">${say('lead')}</p>` : ''}
      <ul class="rows">${rows}</ul>
    </section>`
}

/** @param form whether the form stands here: where there is nothing to search, it stands above as the first thing */
function reachOf({ brand, language, say, ...view }: View, form: boolean): Html | '' {
  const { contactEmail: mail, contactPhone: phone } = brand
  const way = (icon: Html, href: string, name: string, text: string) =>
    html`<li>${icon}<a href="${href}">${name}</a><p>${say(text)}</p></li>`
  const ways = [
    ...(form && view.form ? [way(bubble, `${view.form}?lang=${language}`, say('ask_for_help'), 'help_lead')] : []),
    ...(mail === null ? [] : [way(letter, `mailto:${mail}`, mail, 'reach_mail')]),
    ...(phone === null ? [] : [way(receiver, telephoneLink(phone), phone, 'reach_phone')]),
  ]
  if (ways.length === 0) return ''
  return html`
    <section class="section" data-rule="firm" aria-labelledby="reach">
      <h2 id="reach">${say('reach')}</h2>
      <ul class="po-ways">${ways}</ul>
    </section>`
}

/** RFC 3966: digits after the sign of the country. */
export function telephoneLink(phone: string): string {
  return `tel:${phone.replace(/^\s*00/, '+').replaceAll(/[^+\d]/g, '')}`
}

const icon = (paths: string) => raw(`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${paths}</svg>`)
const letter = icon('<rect x="3" y="4.5" width="14" height="11" rx="1.5"/><path d="m3.5 6 6.5 5 6.5-5"/>')
const bubble = icon('<path d="M3.5 4.5h13v9H9l-3.5 3v-3h-2z"/>')
const tick = icon('<path d="m4.5 10.5 3.5 3.5 7.5-8"/>')
const receiver = icon(
  '<path d="M6.5 3.5 8.5 7 7 8.5c.7 2 2.3 3.7 4.5 4.5l1.5-1.5 3.5 2c0 1.8-1 3-2.6 3C8.5 16.5 3.5 11 3.5 6c0-1.5 1.2-2.5 3-2.5z"/>',
)
