import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { html, raw, safeUrl } from './html.ts'

test('what is inserted is escaped in text and attributes; markup is put together', () => {
  const evil = `"><script>alert('x')</script>&`
  const page = String(html`<a title="${evil}">${evil}${[html`<b>${1}</b>`, raw('<i>')]}${''}</a>`)
  assert.doesNotMatch(page, /<script/)
  assert.equal(page.match(/&quot;&gt;&lt;script&gt;/g)?.length, 2)
  assert.ok(page.endsWith('<b>1</b><i></a>'))
})

const addresses: [string, string][] = [
  ['/s/key?a=1', '/s/key?a=1'],
  ['https://example.com/x', 'https://example.com/x'],
  ['mailto:a@example.com', 'mailto:a@example.com'],
  ['javascript:alert(1)', '#'],
  [' JavaScript:alert(1)', '#'],
  ['data:text/html,x', '#'],
  ['//example.com', '#'],
  ['/\\example.com', '#'],
  ['no address', '#'],
]
for (const [given, expected] of addresses)
  test(`${given} becomes ${expected}`, () => assert.equal(safeUrl(given), expected))

test('no template has an attribute without quotes, a style attribute or a handler', () => {
  const source = fileURLToPath(new URL('..', import.meta.url))
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(pages?|page|ts)$/.test(file) && !file.endsWith('.test.ts'),
  )
  let templates = 0
  for (const file of files) {
    const text = readFileSync(`${source}/${file}`, 'utf8')
    if (!/\bhtml`/.test(text)) continue
    templates++
    assert.doesNotMatch(text, /<[a-z][^>`]*\s[a-z-]+=\$\{/, `${file} has an attribute without quotes`)
    assert.doesNotMatch(text, /<[a-z][^>`]*\son[a-z]+=/, `${file} has a handler`)
    // A mail's styles stand in its elements, because mail programs drop the others.
    if (!/(snippet|-mail|mail\/frame)\.ts$/.test(file))
      assert.doesNotMatch(text, /<[a-z][^>`]*\sstyle=/, `${file} has a style attribute`)
  }
  assert.ok(templates >= 4)
})
