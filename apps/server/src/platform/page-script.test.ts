import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageScript } from './page-script.ts'

test('a script goes out without what its readers need, and does not end its element', () => {
  const { code, hash } = pageScript('// Why.\n{\n  const a = 1\n  /** What. */\n  call(a)\n}\n')
  assert.equal(code, '{\nconst a = 1\ncall(a)\n}')
  assert.match(hash, /^'sha256-[\w+/]{43}='$/)
  assert.throws(() => pageScript("const end = '</script>'"), /end of an element/)
})
