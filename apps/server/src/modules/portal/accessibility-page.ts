import { html, type Html } from '#platform/html.ts'
import { telephoneLink } from './home-page.ts'
import type { View } from './portal-frame.ts'

/** What can be used by whom, what is known not to be, and whom to tell. */
export function accessibilityPage(view: View): Html {
  const { say } = view
  const list = (...keys: string[]) => html`<ul>${keys.map((key) => html`<li>${say(key)}</li>`)}</ul>`
  const part = (title: string, content: Html) => html`<section><h2>${say(title)}</h2>${content}</section>`
  const works = ['works_keyboard', 'works_reader', 'works_size', 'works_contrast', 'works_script', 'works_language']
  return html`
    <main class="page-main po" id="main">
      <section class="po-lead"><h1>${say('accessibility_title')}</h1><p>${say('accessibility_lead')}</p></section>
      <div class="po-text">
        ${part('works_title', list(...works))}
        ${part('tested_title', html`<p>${say('tested')}</p>`)}
        ${part('limits_title', list('limits_pictures', 'limits_files', 'limits_company'))}
        ${part('barrier_title', html`<p>${say('barrier')}</p>${waysOf(view)}`)}
      </div>
    </main>`
}

/** Whom to tell. */
function waysOf({ brand, form, language, say }: View): Html | '' {
  const { contactEmail: mail, contactPhone: phone, postalAddress: post } = brand
  const ways = [
    ...(form === undefined ? [] : [html`<a href="${form}?lang=${language}">${say('ask_for_help')}</a>`]),
    ...(mail === null ? [] : [html`<a href="mailto:${mail}">${mail}</a>`]),
    ...(phone === null ? [] : [html`<a href="${telephoneLink(phone)}">${phone}</a>`]),
    ...(post === null ? [] : [html`${brand.name}, ${post.replaceAll(/\s*\n\s*/g, ', ')}`]),
  ]
  return ways.length === 0 ? '' : html`<ul>${ways.map((way) => html`<li>${way}</li>`)}</ul>`
}
