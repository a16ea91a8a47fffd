import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageStyle, styleOf } from './page-style.ts'

test('a page gets the components it uses, the base, and no others', () => {
  const { css } = pageStyle(['button', 'skip'])
  assert.match(css, /\.button\{/)
  assert.match(css, /\.skip\{/)
  assert.match(css, /box-sizing:border-box/)
  assert.doesNotMatch(css, /\.dialog|\.sidebar|\.chart|\.toast\{/)
})

test('tokens stay when something refers to them, also through others', () => {
  const { css } = pageStyle(['button'])
  assert.match(css, /--accent-hue:168/)
  assert.match(css, /--accent:light-dark/)
  assert.doesNotMatch(css, /--effort-1|--rust-5/)
  for (const [, name] of css.matchAll(/var\((--[\w-]+)\)/g))
    assert.ok(css.includes(`${name}:`), `${name} is used and not defined`)
})

test('braces are in pairs and the layers keep their order', () => {
  const { css } = pageStyle(['scale', 'chip', 'field', 'button'], '@layer features { .own { color : red } }')
  assert.equal(css.split('{').length, css.split('}').length)
  assert.ok(css.startsWith('@layer reset,tokens,base,components,features,utilities;'))
  assert.ok(css.endsWith('@layer features{.own{color :red}}'))
})

test('the hash is that of CSP', () => {
  // echo -n 'a{b:c}' | openssl dgst -sha256 -binary | base64
  assert.equal(styleOf('').hash, "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='")
})
