import { html } from '#platform/html.ts'
import { problemsOf, stateOf, type FieldProblem } from './form-problems.ts'
import type { RequestPage, View } from './request-frame.ts'

/** Where somebody asks for a link to their requests. @param to the number of one that they wanted to see */
export function signInPage(
  view: View,
  {
    address,
    problems,
    formOpen,
    to,
  }: { address: string; problems: readonly FieldProblem[]; formOpen: boolean; to?: number },
): RequestPage {
  const { say, language } = view
  const state = stateOf(problems, 'address', ['address-hint'])
  const main = html`
    <div class="rq-lead">
      <h1>${say('to_own')}</h1>
      <p>${say('sign_in_lead')}</p>
    </div>
    ${problemsOf(view, problems)}
    <form class="rq-form" method="post" action="/requests/link" novalidate>
      <div class="field">
        <label for="address">${say('address')}</label>
        <p class="hint" id="address-hint">${say('sign_in_hint')}</p>
        ${state.text}
        <input class="input" id="address" name="address" type="email" autocomplete="email" maxlength="254" value="${address}"${state.attributes}>
      </div>
      <input type="hidden" name="lang" value="${language}">
      ${to === undefined ? '' : html`<input type="hidden" name="to" value="${to}">`}
      <button class="button" data-tone="accent" data-size="large">${say('send_link')}</button>
    </form>
    ${formOpen ? html`<p><a href="/requests/new?lang=${language}">${say('ask_new')}</a></p>` : ''}`
  const title = problems.length > 0 ? `${say('not_sent')} · ${say('to_own')}` : say('to_own')
  return { title, main, inOther: (other) => `/requests?lang=${other}` }
}

/** The same whether the address is known or not. */
export function linkSentPage(view: View): RequestPage {
  const { say, language } = view
  const main = html`
    <div class="rq-lead">
      <h1>${say('link_sent_title')}</h1>
      <p>${say('link_sent')}</p>
      <p class="quiet">${say('link_sent_not')}</p>
    </div>
    <div class="rq-acts"><a class="button" href="/requests?lang=${language}">${say('link_again')}</a></div>`
  return { title: say('link_sent_title'), main, inOther: (other) => `/requests/link?lang=${other}` }
}

/** A link that was opened: it is used by the button alone, since programs that look through mail open links too. */
export function enterPage(view: View, { address, token }: { address: string; token: string }): RequestPage {
  const { say, language } = view
  const main = html`
    <div class="rq-lead">
      <h1>${say('enter_title')}</h1>
      <p>${say('enter', { address })}</p>
    </div>
    <form class="rq-form" method="post" action="/requests/enter/${token}?lang=${language}">
      <button class="button" data-tone="accent" data-size="large">${say('enter_button')}</button>
    </form>
    <p class="quiet">${say('enter_hint')}</p>`
  return { title: say('enter_title'), main, inOther: (other) => `/requests/enter/${token}?lang=${other}` }
}

/** A link that was used, or is over. */
export function linkOverPage(view: View): RequestPage {
  const { say, language } = view
  const main = html`
    <div class="rq-lead">
      <h1>${say('link_over_title')}</h1>
      <p>${say('link_over')}</p>
    </div>
    <div class="rq-acts"><a class="button" data-tone="accent" href="/requests?lang=${language}">${say('link_again')}</a></div>`
  return { title: say('link_over_title'), main, inOther: (other) => `/requests?lang=${other}` }
}
