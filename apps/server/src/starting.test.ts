import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StartRefused } from './platform/embedded/index.ts'
import { environmentOf } from './starting.ts'

test('a flag of the start says what a variable would', () => {
  assert.deepEqual(environmentOf([], { PORT: '1' }), { PORT: '1' })
  for (const args of [['--workspace', 'acme'], ['--workspace=acme']])
    assert.deepEqual(environmentOf(args, { LAHKO_WORKSPACE: 'other' }), { LAHKO_WORKSPACE: 'acme' })
})

for (const [args, environment, sentence] of [
  [['--port', '8080'], {}, /takes --workspace NAME and nothing else, and there is --port 8080\./],
  [['now'], {}, /and there is now\./],
  [['--workspace'], {}, /and there is --workspace\./],
  [['--role', 'web'], {}, /^--role needs DATABASE_URL/],
  [['--role', 'worker'], { DATABASE_URL: 'postgresql://db/lahko' }, /^--role comes with a later version/],
] as const) {
  test(`the start refuses ${args.join(' ')} in one sentence`, () => {
    assert.throws(
      () => environmentOf(args, environment),
      (error) => error instanceof StartRefused && sentence.test(error.message),
    )
  })
}
