import { html as tagged, raw } from 'hono/html'

/** Markup that is safe to send: made by `html`, or declared so by `raw`. */
export type Html = ReturnType<typeof raw>

const withoutIndents = new WeakMap<TemplateStringsArray, TemplateStringsArray>()

/**
 * Markup whose inserted values are escaped, in text and in quoted attributes; a list is put together. What the
 * template is indented by for its readers is not sent.
 */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
  let plain = withoutIndents.get(strings)
  if (!plain) {
    plain = Object.assign(strings.map(unindent), { raw: strings.raw })
    withoutIndents.set(strings, plain)
  }
  return tagged(plain, ...values) as Html
}

/** A line break between two tags or beside an inserted value says nothing; inside a tag or a text it is a space. */
function unindent(text: string): string {
  return text.replace(/\s*\n\s*/g, (found, at: number) => {
    const [before, after] = [text[at - 1], text[at + found.length]]
    return before === undefined || after === undefined || before === '>' || after === '<' || after === '>' ? '' : ' '
  })
}

/** Markup of our own, never of a person's: it is not escaped. */
export { raw }

/**
 * An address that may stand in `href` or `src`: of this site, or by http, https or mailto. Everything else, such as
 * `javascript:`, becomes `#`.
 */
export function safeUrl(address: string): string {
  const trimmed = address.trim()
  if (/^\/(?![/\\])/.test(trimmed)) return trimmed
  const protocol = URL.canParse(trimmed) ? new URL(trimmed).protocol : ''
  return ['http:', 'https:', 'mailto:'].includes(protocol) ? trimmed : '#'
}
