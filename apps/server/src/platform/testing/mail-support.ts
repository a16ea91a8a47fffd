/**
 * What a mail may be made of. Each entry names the page on which its support in mail programs was measured: Apple
 * Mail, Gmail, Outlook (Windows, macOS, web), Yahoo, Samsung Email, Thunderbird and others. What some of them ignore
 * is here only when the mail stays whole without it, and `without` says how it looks then.
 */
/** `without`: what is seen where it is not supported. `letters`: only in what members write, not in invitations. */
type Support = Readonly<Record<string, { source: string; without?: string; letters?: true }>>

const html = (name: string) => `https://www.caniemail.com/features/html-${name}/`
const css = (name: string) => `https://www.caniemail.com/features/css-${name}/`
const basics = 'https://www.w3.org/TR/2018/SPSD-html401-20180327/ HTML 4.01, which the renderer of Word follows too'

export const mailTags: Support = {
  html: { source: basics },
  head: { source: basics },
  meta: { source: basics },
  title: { source: basics },
  style: { source: html('style'), without: 'light, with the colours of the program' },
  body: { source: html('body') },
  div: { source: html('div') },
  table: { source: basics },
  tr: { source: basics },
  td: { source: basics },
  a: { source: basics },
  br: { source: basics },
  h1: { source: html('h1-h6') },
  span: { source: html('span') },
  img: { source: basics, without: 'the company’s name alone' },
  p: { source: basics, letters: true },
  ul: { source: basics, letters: true },
  ol: { source: basics, letters: true },
  li: { source: basics, letters: true },
  strong: { source: basics, letters: true },
  em: { source: basics, letters: true },
  s: { source: basics, letters: true },
  code: { source: basics, letters: true },
  pre: { source: basics, letters: true },
  blockquote: { source: html('blockquote'), letters: true },
}

export const mailAttributes: Support = {
  lang: { source: html('lang') },
  class: { source: css('selector-class'), without: 'as without style' },
  style: { source: html('style') },
  role: { source: html('role'), without: 'screen readers call the layout a table' },
  width: { source: html('width') },
  height: { source: html('height') },
  align: { source: html('align') },
  cellpadding: { source: basics },
  cellspacing: { source: basics },
  border: { source: basics },
  href: { source: basics },
  name: { source: basics },
  content: { source: basics },
  charset: { source: basics },
  src: { source: basics },
  alt: { source: basics },
  start: { source: basics, letters: true },
}

export const mailProperties: Support = {
  'color-scheme': { source: html('meta-color-scheme'), without: 'the program chooses its own dark colours' },
  color: {
    source: 'https://developers.google.com/workspace/gmail/design/css and CSS 1, which the renderer of Word follows',
  },
  'background-color': { source: css('background-color') },
  'border-color': { source: css('border') },
  'border-width': { source: css('border') },
  'border-style': { source: css('border') },
  'border-top-width': { source: css('border') },
  'border-top-style': { source: css('border') },
  'border-left-width': { source: css('border'), letters: true },
  'border-left-style': { source: css('border'), letters: true },
  'border-radius': { source: css('border-radius'), without: 'square corners' },
  margin: { source: css('margin') },
  'margin-left': { source: css('margin'), without: 'the scale stands six pixels further in' },
  'margin-right': { source: css('margin') },
  padding: { source: css('padding') },
  'padding-top': { source: css('padding') },
  display: { source: css('display'), without: 'the preview line is seen, the links are as narrow as their text' },
  width: { source: css('width') },
  height: { source: css('height') },
  'min-width': { source: css('min-width'), without: 'cells are as wide as their text' },
  'max-width': { source: css('max-width'), without: 'lines are as long as the window' },
  'max-height': { source: css('max-height'), without: 'the preview line is seen' },
  overflow: { source: css('overflow'), without: 'the preview line is seen' },
  'font-family': { source: css('font'), without: 'the font of the program' },
  'font-size': { source: css('font-size') },
  'font-weight': { source: css('font-weight') },
  'line-height': { source: css('line-height') },
  'vertical-align': { source: css('vertical-align'), without: 'the logo stands higher than the name' },
  'text-decoration': { source: css('text-decoration'), without: 'values are underlined' },
}

export const mailAtRules: Support = {
  '@media (prefers-color-scheme:dark)': {
    source: css('at-media-prefers-color-scheme'),
    without: 'the program chooses its own dark colours',
  },
}

/** The tags, attributes, properties and rules that a mail is made of. */
export function partsOf(html: string) {
  const tags = [...html.matchAll(/<([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"]*")*)\s*>/g)]
  const attributes = tags.flatMap(([, , given]) => [...given!.matchAll(/([a-z-]+)="/g)].map(([, name]) => name!))
  const sheet = /<style>([\s\S]*?)<\/style>/.exec(html)![1]!
  const inline = [...html.matchAll(/style="([^"]*)"/g)].map(([, css]) => css!)
  const blocks = [...sheet.matchAll(/\{([^{}]+)\}/g)].map(([, css]) => css!)
  return {
    tags: tags.map(([, name]) => name!),
    attributes,
    properties: [...inline, ...blocks].flatMap((css) =>
      [...css.matchAll(/(?:^|;)\s*([a-z-]+):/g)].map(([, name]) => name!),
    ),
    atRules: [...sheet.matchAll(/@[^{]+/g)].map(([rule]) => rule.trim()),
    angles: html.replace('<!doctype html>', '').match(/<[^/]/g)!.length - tags.length,
  }
}

/** What of a mail's markup is not on these lists. */
export function unsupported(html: string): string[] {
  const { tags, attributes, properties, atRules } = partsOf(html)
  return [
    ...tags.filter((name) => !(name in mailTags)),
    ...attributes.filter((name) => !(name in mailAttributes)),
    ...properties.filter((name) => !(name in mailProperties)),
    ...atRules.filter((rule) => !(rule in mailAtRules)),
  ]
}
