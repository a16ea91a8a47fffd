import { html, safeUrl, type Html } from '#platform/html.ts'
import type { View } from './portal-frame.ts'

/** What is kept here and for how long. @param receives mails that people write back are received */
export function privacyPage({ brand, say, requests, articles }: View, { receives }: { receives: boolean }): Html {
  const list = (...keys: string[]) => html`<ul>${keys.map((key) => html`<li>${say(key)}</li>`)}</ul>`
  const part = (title: string, content: Html) => html`<section><h2>${say(title)}</h2>${content}</section>`
  const howLong =
    brand.keepMonths === null ? say('how_long_open') : say('how_long_months', { months: brand.keepMonths })
  const { privacyUrl: own, contactEmail: mail } = brand
  return html`
    <main class="page-main po" id="main">
      <section class="po-lead">
        <h1>${say('privacy_title')}</h1>
        <p>${say('privacy_lead')}</p>
        ${own === null ? '' : html`<p><a href="${safeUrl(own)}">${say('privacy_own')}</a></p>`}
      </section>
      <div class="po-text">
        ${part('kept_title', list('kept_answer', 'kept_link', 'kept_anonymous', ...(articles ? ['kept_vote', 'kept_search'] : [])))}
        ${part('not_kept_title', list(articles ? 'not_kept_open_but' : 'not_kept_open', 'not_kept_address', requests ? 'not_kept_cookies_but' : 'not_kept_cookies', ...(articles ? ['not_kept_typing'] : [])))}
        ${receives ? part('mail_title', html`<p>${say('mail_kept')}</p>`) : ''}
        ${requests ? part('requests_title', list('requests_kept', 'requests_cookie', 'requests_how_long')) : ''}
        ${part('how_long_title', html`<p>${howLong}</p>`)}
        ${part('yours_title', html`${list('yours_change', 'yours_ask')}${mail === null ? '' : html`<p><a href="mailto:${mail}">${mail}</a></p>`}`)}
      </div>
    </main>`
}
