import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { accentContrast } from './contrast.ts'

const tokens = readFileSync(new URL('../../../../../packages/style/tokens.css', import.meta.url), 'utf8')

test('the accent that a workspace starts with is readable in both themes', () => {
  const { light, dark } = accentContrast(168, 0.085)
  assert.equal(light.toFixed(1), '7.1')
  assert.equal(dark.toFixed(1), '9.1')
})

test('no hue and no chroma that can be chosen falls below 4.5 : 1', () => {
  for (let hue = 0; hue <= 360; hue += 5)
    for (let chroma = 0; chroma <= 0.16; chroma += 0.02) {
      const { light, dark } = accentContrast(hue, chroma)
      assert.ok(Math.min(light, dark) >= 4.5, `${hue} ${chroma}: ${light} ${dark}`)
    }
})

test('the lightnesses are still those of the tokens', () => {
  assert.match(tokens, /--accent: light-dark\(\s*oklch\(0\.45 var\(--accent-chroma\)/)
  assert.match(tokens, /oklch\(0\.76 calc\(var\(--accent-chroma\) \* 0\.9\)/)
  assert.match(tokens, /--ink-12: oklch\(0\.178 0\.004 75\)/)
})
