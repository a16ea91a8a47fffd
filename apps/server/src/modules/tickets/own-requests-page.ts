import { html, raw, type Html } from '#platform/html.ts'
import { foldQuoted } from '#platform/mail/receiving/new-text.ts'
import { localeOf } from '#platform/words.ts'
import { hiddenOf, filesOf } from './contact-page.ts'
import { problemsOf, stateOf, type FieldProblem } from './form-problems.ts'
import { htmlOfText, picturesIn } from './markup.ts'
import type { OwnRequest, Said, Viewer, Whose } from './own-requests.ts'
import type { KeptUpload } from './request-files.queries.ts'
import { sayBytes } from './request-files.ts'
import type { RequestPage, View } from './request-frame.ts'
import type { TicketRow } from './tickets.queries.ts'

const tones = { new: '', open: 'accent', waiting: 'warn', on_hold: '', solved: 'good', closed: '' } as const

/** In the words of the one who waits. */
function badgeOf({ status }: Pick<TicketRow, 'status'>, { say }: View): Html {
  return html`<span class="badge" data-tone="${tones[status]}">${say(`status_${status}`)}</span>`
}

function dayOf(at: Date, { brand, language }: View): string {
  return new Intl.DateTimeFormat(localeOf[language], { dateStyle: 'medium', timeZone: brand.timeZone }).format(at)
}

function momentOf(at: Date, { brand, language }: View): string {
  const options = { dateStyle: 'medium', timeStyle: 'short', timeZone: brand.timeZone } as const
  return new Intl.DateTimeFormat(localeOf[language], options).format(at)
}

/** The form that ends the session, for the head of each page. */
function signOutOf({ language, say }: View, token: string): Html {
  return html`
    <form method="post" action="/requests/sign-out?lang=${language}">
      <input type="hidden" name="token" value="${token}">
      <button class="button" data-tone="plain">${say('sign_out')}</button>
    </form>`
}

export type ListPage = {
  viewer: Viewer
  whose: Whose
  items: readonly TicketRow[]
  /** What colleagues are called who asked, by their ids. */
  askers: ReadonlyMap<string, string>
  /** The address of what comes after these. */
  next?: string
  token: string
  /** Whether something new can be asked by the form. */
  formOpen: boolean
}

/** All requests of one customer, or of their organisation. */
export function listPage(view: View, page: ListPage): RequestPage {
  const { language, say } = view
  const { viewer, whose, items, askers, next, token, formOpen } = page
  const askerOf = ({ customer_id: id }: TicketRow) => {
    const name = id !== null && viewer.own.includes(id) ? say('you') : askers.get(id ?? '')
    return whose === 'own' || !name ? '' : html`${name} · `
  }
  const rows = items.map(
    (row) => html`
      <li class="row">
        <div>
          <a class="row-title" href="/requests/${row.number}?lang=${language}">${row.subject}</a>
          <p class="row-text">${askerOf(row)}${say('number_since', { number: row.number, day: dayOf(row.created_at, view) })}</p>
        </div>
        <span class="row-end">${badgeOf(row, view)}</span>
      </li>`,
  )
  const other = whose === 'own' ? 'organisation' : 'own'
  const main = html`
    <div class="rq-lead">
      <h1>${say(whose === 'own' ? 'to_own' : 'of_organisation')}</h1>
      <p class="quiet">${say('signed_in_with', { address: viewer.address })}</p>
    </div>
    <div class="rq-acts">
      ${formOpen ? html`<a class="button" data-tone="accent" href="/requests/new?lang=${language}">${say('ask_new')}</a>` : ''}
      ${viewer.colleagues.length > 0 ? html`<a class="button" href="/requests?of=${other}&amp;lang=${language}">${say(other === 'own' ? 'only_own' : 'also_organisation')}</a>` : ''}
    </div>
    ${rows.length > 0 ? html`<ul class="rows">${rows}</ul>` : html`<p>${say('none_yet')}</p>`}
    ${next ? html`<p><a class="button" href="${next}">${say('more')}</a></p>` : ''}`
  const inOther = (to: string) => `/requests?lang=${to}${whose === 'own' ? '' : '&of=organisation'}`
  return { title: say('to_own'), main, inOther, signOut: signOutOf(view, token) }
}

export type ConversationPage = {
  viewer: Viewer
  request: OwnRequest
  said: readonly Said[]
  /** What they filled in besides. */
  facts: readonly { label: string; value: string }[]
  /** The address of what was said before these. */
  earlier?: string
  /** Of the answer, of what is said by a button, and of signing out. */
  token: string
  text: string
  problems: readonly FieldProblem[]
  kept: readonly KeptUpload[]
}

/** One request: how it stands, what was said, and what its customer can do. */
export function conversationPage(view: View, page: ConversationPage): RequestPage {
  const { say, language } = view
  const { request, said, earlier, token, problems } = page
  const { ticket } = request
  const about = say('number_since', { number: ticket.number, day: dayOf(ticket.created_at, view) })
  const main = html`
    <p><a href="/requests?lang=${language}">${say('to_own')}</a></p>
    <div class="rq-lead">
      <h1>${ticket.subject}</h1>
      <p class="quiet">${about}</p>
      ${factsOf(page.facts)}
      <div class="rq-state">
        ${badgeOf(ticket, view)}
        <p>${say(`next_${ticket.status}`)}</p>
      </div>
    </div>
    ${problemsOf(view, problems)}
    <section aria-labelledby="said">
      <h2 id="said">${say('conversation')}</h2>
      ${earlier ? html`<p><a href="${earlier}">${say('earlier')}</a></p>` : ''}
      <ol class="rq-talk">${said.map((one) => saidOf(one, view, page))}</ol>
    </section>
    ${answerOf(view, page)}
    ${turnOf(view, ticket, token)}`
  const title = `${problems.length > 0 ? `${say('not_sent')} · ` : ''}${ticket.subject}`
  const inOther = (to: string) => `/requests/${ticket.number}?lang=${to}`
  return { title, main, inOther, signOut: signOutOf(view, token) }
}

function factsOf(facts: ConversationPage['facts']): Html | '' {
  if (facts.length === 0) return ''
  return html`<dl class="rq-facts">${facts.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`
}

function saidOf(one: Said, view: View, { viewer, request }: ConversationPage): Html {
  const { say, language } = view
  const ours = one.kind === 'reply'
  const mine = one.customer_id !== null && viewer.own.includes(one.customer_id)
  // Never the address of a member; a customer without a name has nothing else.
  const ourName = one.from_name && !one.from_name.includes('@') ? one.from_name : view.brand.name
  const name = ours ? ourName : mine ? say('you') : one.from_name || one.from_address
  const { text, quoted } = foldQuoted(one.text)
  const pictures = ours ? picturesIn(one.text) : []
  const below = one.files.filter(({ id }) => !pictures.includes(id))
  const files = below.map(
    ({ id, name: file, size }) =>
      html`<li><a href="/requests/${request.ticket.number}/files/${id}">${file}</a> <span class="quiet">${sayBytes(language, size)}</span></li>`,
  )
  return html`
    <li class="rq-said"${ours ? html` data-ours` : ''}>
      <p class="rq-who"><strong>${name}</strong> <time datetime="${one.at.toISOString()}">${momentOf(one.at, view)}</time></p>
      ${ours ? richText(text, one, request.ticket.number) : html`<div class="rq-text">${text}</div>`}
      ${quoted === null ? '' : html`<details><summary>${say('quoted')}</summary><div class="rq-text quiet">${quoted}</div></details>`}
      ${files.length > 0 ? html`<ul class="rq-files">${files}</ul>` : ''}
    </li>`
}

/** A reply as its mail showed it; its pictures come from here. */
function richText(text: string, { files }: Said, number: number): Html {
  const picture = (fileId: string, name: string) =>
    files.some(({ id }) => id === fileId)
      ? html`<img class="rq-picture" src="/requests/${number}/files/${fileId}" alt="${name}">`
      : html`[${name || '…'}]`
  return html`<div class="rq-text rq-rich">${raw(htmlOfText(text, (fileId, name) => String(picture(fileId, name))))}</div>`
}

function answerOf(view: View, page: ConversationPage): Html {
  const { say } = view
  const { ticket } = page.request
  const over = ticket.status === 'solved' || ticket.status === 'closed'
  const state = stateOf(page.problems, 'message', ['message-hint'])
  return html`
    <form class="rq-form" method="post" action="/requests/${ticket.number}" enctype="multipart/form-data" novalidate>
      <div class="field">
        <label for="message">${say(over ? 'answer_over' : 'answer')}</label>
        <p class="hint" id="message-hint">${say(ticket.status === 'closed' ? 'answer_closed_hint' : over ? 'answer_over_hint' : 'answer_hint')}</p>
        ${state.text}
        <textarea class="input" id="message" name="message" rows="5"${state.attributes}>${page.text}</textarea>
      </div>
      ${filesOf(view, page)}
      ${hiddenOf(view, page.token)}
      <button class="button" data-tone="accent" data-size="large">${say('send')}</button>
    </form>`
}

/** What is said by one button; a closed request is answered with words. */
function turnOf({ say, language }: View, { status, number }: TicketRow, token: string): Html | '' {
  if (status === 'closed') return ''
  const to = status === 'solved' ? 'reopened' : 'solved'
  return html`
    <section class="section" aria-labelledby="turn">
      <h2 id="turn">${say(`turn_${to}`)}</h2>
      <p class="quiet">${say(`turn_${to}_hint`)}</p>
      <form method="post" action="/requests/${number}/${to}?lang=${language}">
        <input type="hidden" name="token" value="${token}">
        <button class="button">${say(`turn_${to}_button`)}</button>
      </form>
    </section>`
}
