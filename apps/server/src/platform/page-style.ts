import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** CSS that stands in a page, and its hash for the page's policy. */
export type PageStyle = { readonly css: string; readonly hash: string }

type Rule = { prelude: string; body: string | null }

const shared = ['tokens.css', 'base.css', 'components.css']
  .map((name) => readFileSync(fileURLToPath(import.meta.resolve(`@lahko/style/${name}`)), 'utf8'))
  .join('\n')

/**
 * What a page with these classes needs of the shared CSS, and its own rules after it: whole and small enough to stand
 * in the page, so that the page is one round trip. Made once, at the start.
 * @param classes of every component that the page may show
 */
export function pageStyle(classes: readonly string[], own = ''): PageStyle {
  const used = new Set(classes)
  const kept = keep(rulesOf(small(shared)), used)
  return styleOf(dropUnusedTokens(small(`${kept}${own}`)))
}

/** CSS as it is, with its hash. */
export function styleOf(css: string): PageStyle {
  return { css, hash: `'sha256-${createHash('sha256').update(css).digest('base64')}'` }
}

function keep(rules: readonly Rule[], used: ReadonlySet<string>): string {
  const chosen = rules.map((rule) => keepRule(rule, used)).filter((text) => text !== '')
  const text = chosen.join('')
  // An animation is named in a rule that is kept, or is of no use.
  return text.replace(/@keyframes ([a-z-]+)\{(?:[^{}]|\{[^{}]*\})*\}/g, (whole, name: string) =>
    text.includes(`animation:${name} `) ? whole : '',
  )
}

function keepRule({ prelude, body }: Rule, used: ReadonlySet<string>): string {
  if (body === null) return `${prelude};`
  if (/^@(layer|media|supports|container)\b/.test(prelude)) {
    const inner = keep(rulesOf(body), used)
    return inner === '' ? '' : `${prelude}{${inner}}`
  }
  const named = [...prelude.matchAll(/\.([a-z][\w-]*)/g)].map(([, name]) => name!)
  return named.length === 0 || named.some((name) => used.has(name)) ? `${prelude}{${body}}` : ''
}

/** The rules on the outermost level. */
function rulesOf(css: string): Rule[] {
  const rules: Rule[] = []
  let depth = 0
  let start = 0
  let open = 0
  for (let at = 0; at < css.length; at++) {
    const sign = css[at]
    if (sign === '{' && depth++ === 0) open = at
    if (sign === ';' && depth === 0) {
      rules.push({ prelude: css.slice(start, at), body: null })
      start = at + 1
    }
    if (sign === '}' && --depth === 0) {
      rules.push({ prelude: css.slice(start, open), body: css.slice(open + 1, at) })
      start = at + 1
    }
  }
  return rules
}

/** Without comments and white space that says nothing. */
function small(css: string): string {
  return css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/;\}/g, '}')
    .trim()
}

/** Design values that nothing refers to, and then those that only they referred to. */
function dropUnusedTokens(css: string): string {
  const used = new Set([...css.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name))
  const next = css.replace(/(?<=[{;])(--[\w-]+):[^;{}]+(?:;|(?=\}))/g, (whole, name: string) =>
    used.has(name) ? whole : '',
  )
  return next.length === css.length ? css : dropUnusedTokens(next)
}
