import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { html, raw, type Html } from '#platform/html.ts'
import { pageScript } from '#platform/page-script.ts'
import { styleOf, type PageStyle } from '#platform/page-style.ts'
import type { ContactFormRow } from './contact-forms.queries.ts'
import { labelOf } from './field-values.ts'
import { problemsOf, stateOf, type FieldProblem } from './form-problems.ts'
import { sayBytes } from './request-files.ts'
import type { RequestPage, View } from './request-frame.ts'
import type { KeptUpload } from './request-files.queries.ts'
import { mostFileBytes, mostFiles } from './reading-forms.ts'
import { carriedOf, placeOfSuggestions, solvedForm } from './suggestions-page.ts'
import type { TicketFieldRow } from './ticket-fields.queries.ts'

/** What a form asks, what was filled in, and what was wrong with it. */
export type ContactPage = {
  form: Pick<ContactFormRow, 'intro' | 'topics'>
  /** Those that customers are asked. */
  fields: readonly TicketFieldRow[]
  token: string
  /** What was filled in, by the name of its control. */
  filled: ReadonlyMap<string, string>
  problems: readonly FieldProblem[]
  /** Files that came with the form before. */
  kept: readonly KeptUpload[]
  /** The address of whoever is signed in, which the form then does not ask. */
  signedInAs?: string
  /** By which it is known what was tried before. */
  episode?: string | undefined
}

/** The page with the contact form, whole. */
export function contactPage(view: View, page: ContactPage): RequestPage {
  const { language, say } = view
  const intro = page.form.intro[language] || page.form.intro[view.brand.language]
  const main = html`
    <div class="rq-lead">
      <h1>${say('title')}</h1>
      ${intro ? html`<p>${intro}</p>` : ''}
    </div>
    ${problemsOf(view, page.problems)}
    <form class="rq-form" method="post" action="/requests/new" enctype="multipart/form-data" novalidate>
      ${whoOf(view, page)}
      ${topicOf(view, page)}
      ${page.fields.map((field) => fieldOf(field, view, page))}
      ${messageOf(view, page)}
      ${filesOf(view, page)}
      ${hiddenOf(view, page.token)}
      <input type="hidden" name="looked" value="${page.filled.get('looked') === 'yes' ? 'yes' : ''}">
      <button class="button" data-tone="accent" data-size="large">${say('send')}</button>
    </form>
    ${solvedForm(view, page.token)}
    <p class="quiet">${say('form_goes_to')} <a href="/requests?lang=${language}">${say('to_own')}</a></p>`
  const title = page.problems.length > 0 ? `${say('not_sent')} · ${say('title')}` : say('title')
  const own = topicStyle(page)
  const inOther = (other: string) => `/requests/new?lang=${other}`
  const { episode } = page
  // Where there is nothing to read, nothing is looked for.
  return { title, main, inOther, episode, ...(own && { own }), ...(view.help !== undefined && { script }) }
}

const script = pageScript(readFileSync(fileURLToPath(new URL('./suggesting.js', import.meta.url)), 'utf8'))

/** What the form carries along, and a field that only programs fill in. */
export function hiddenOf(view: View, token: string): Html {
  const { say } = view
  return html`
    ${carriedOf(view, token)}
    <div class="visually-hidden" aria-hidden="true">
      <label>${say('leave_empty')}<input name="leave-empty" tabindex="-1" autocomplete="off"></label>
    </div>`
}

function whoOf(view: View, page: ContactPage): Html {
  const { say } = view
  if (page.signedInAs) return html`<p class="quiet">${say('signed_in_as', { address: page.signedInAs })}</p>`
  const name = stateOf(page.problems, 'name')
  const address = stateOf(page.problems, 'address', ['address-hint'])
  return html`
    <div class="field">
      <label for="name">${say('name')} ${optional(view)}</label>
      ${name.text}
      <input class="input" id="name" name="name" autocomplete="name" value="${page.filled.get('name') ?? ''}"${name.attributes}>
    </div>
    <div class="field">
      <label for="address">${say('address')}</label>
      <p class="hint" id="address-hint">${say('address_hint')}</p>
      ${address.text}
      <input class="input" id="address" name="address" type="email" autocomplete="email" value="${page.filled.get('address') ?? ''}"${address.attributes}>
    </div>`
}

function topicOf({ language, say }: View, { form, filled, problems }: ContactPage): Html | '' {
  if (form.topics.length === 0) return ''
  const state = stateOf(problems, 'topic')
  const options = form.topics.map(({ name, label }) => {
    const chosen = filled.get('topic') === name ? raw(' selected') : ''
    return html`<option value="${name}"${chosen}>${label[language] || name}</option>`
  })
  return html`
    <div class="field">
      <label for="topic">${say('topic')}</label>
      ${state.text}
      <select class="input" id="topic" name="topic"${state.attributes}>
        <option value="">${say('choose')}</option>
        ${options}
      </select>
    </div>`
}

function fieldOf(field: TicketFieldRow, view: View, { filled, problems }: ContactPage): Html {
  const name = `f-${field.id}`
  const value = filled.get(name) ?? ''
  const state = stateOf(problems, name)
  const label = html`${labelOf(field, view.language)} ${field.on_form === 'optional' ? optional(view) : ''}`
  const place = raw(field.topics.length > 0 ? ` data-field="${field.id}"` : '')
  if (field.kind === 'yes_no') {
    const one = (answer: 'yes' | 'no') => {
      const id = answer === 'yes' ? name : `${name}-no`
      return html`
        <label class="choice">
          <input type="radio" id="${id}" name="${name}" value="${answer}"${raw(value === answer ? ' checked' : '')}>
          <span>${view.say(answer)}</span>
        </label>`
    }
    return html`
      <fieldset class="field"${place}${state.described}>
        <legend>${label}</legend>${state.text}${one('yes')}${one('no')}
      </fieldset>`
  }
  return html`
    <div class="field"${place}>
      <label for="${name}">${label}</label>
      ${state.text}
      ${controlOf(field, name, value, state.attributes, view)}
    </div>`
}

function controlOf(
  field: TicketFieldRow,
  name: string,
  value: string,
  attributes: Html,
  { language, say }: View,
): Html {
  if (field.kind === 'choice') {
    const options = field.choices.map(
      (one) =>
        html`<option value="${one.value}"${raw(one.value === value ? ' selected' : '')}>${one.label[language] || one.value}</option>`,
    )
    return html`
      <select class="input" id="${name}" name="${name}"${attributes}>
        <option value="">${say('choose')}</option>
        ${options}
      </select>`
  }
  const type = field.kind === 'date' ? raw('type="date"') : raw('type="text"')
  const mode = field.kind === 'number' ? raw(' inputmode="decimal" maxlength="30"') : ''
  return html`<input class="input" id="${name}" name="${name}" ${type}${mode} value="${value}"${attributes}>`
}

function messageOf({ say }: View, { filled, problems }: ContactPage): Html {
  const state = stateOf(problems, 'message', ['message-hint'])
  return html`
    <div class="field">
      <label for="message">${say('message')}</label>
      <p class="hint" id="message-hint">${say('message_hint')}</p>
      ${state.text}
      <textarea class="input" id="message" name="message" rows="7"${state.attributes}>${filled.get('message') ?? ''}</textarea>
    </div>
    ${placeOfSuggestions()}`
}

/** The control for files, and what came with the form before. */
export function filesOf(view: View, { problems, kept }: Pick<ContactPage, 'problems' | 'kept'>): Html {
  const { say } = view
  const state = stateOf(problems, 'files', ['files-hint'])
  const keep = kept.map(
    ({ id, name, size }) => html`
      <label class="choice">
        <input type="checkbox" name="keep-${id}" value="yes" checked>
        <span>${say('file_kept', { name })} <span class="optional">${sayBytes(view.language, size)}</span></span>
      </label>`,
  )
  return html`
    <div class="field">
      <label for="files">${say('files')} ${optional(view)}</label>
      <p class="hint" id="files-hint">${say('files_hint', { count: mostFiles, megabytes: mostFileBytes / 2 ** 20 })}</p>
      ${state.text}
      ${keep}
      <input class="input" id="files" name="files" type="file" multiple${state.attributes}>
    </div>`
}

function optional({ say }: View): Html {
  return html`<span class="optional">${say('optional')}</span>`
}

/** Which fields are seen with the chosen topic. Where `:has` is unknown, all of them are. */
function topicStyle({ fields, form }: ContactPage): PageStyle | undefined {
  const rules = fields
    .filter(({ topics }) => topics.length > 0)
    .map(({ id, topics }) => {
      const hidden = `[data-field="${id}"]{display:none}`
      const known = topics.filter((name) => form.topics.some((topic) => topic.name === name))
      if (known.length === 0) return hidden
      return `form:not(:has(${known.map((name) => `#topic option[value=${cssString(name)}]:checked`).join(',')})) ${hidden}`
    })
  return rules.length === 0 ? undefined : styleOf(rules.join(''))
}

/** A string of CSS in which nothing can end it, nor the style that it stands in. */
function cssString(text: string): string {
  return `"${[...text].map((sign) => (/[a-z0-9]/i.test(sign) ? sign : `\\${sign.codePointAt(0)!.toString(16)} `)).join('')}"`
}
