// A quiet reporter: failures in full, one line a lane, and the counts of each file for whoever started it.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { inspect } from 'node:util'

export default async function* report(events) {
  const files = {}
  const countsOf = (data) => (files[relative(process.cwd(), data.file ?? '')] ??= { passed: 0, failed: 0, skipped: 0 })
  for await (const { type, data } of events) {
    const isFileItself = data?.nesting === 0 && data?.name === data?.file
    if (type === 'test:pass' && data.details?.type !== 'suite' && !isFileItself) {
      if (data.skip !== undefined || data.todo !== undefined) countsOf(data).skipped++
      else countsOf(data).passed++
    }
    if (type === 'test:fail' && data.details?.error?.failureType !== 'subtestsFailed') {
      countsOf(data).failed++
      const where = data.file ? `${relative(process.cwd(), data.file)}:${data.line ?? ''}` : ''
      const cause = data.details?.error?.cause ?? data.details?.error
      yield `\n✖ ${data.name}\n  ${where}\n${indent(cause?.stack ?? inspect(cause))}\n`
    }
    if ((type === 'test:stderr' || type === 'test:stdout') && process.env.LAHKO_TEST_OUTPUT) yield data.message
  }
  if (process.env.LAHKO_TEST_COUNTS) writeFileSync(process.env.LAHKO_TEST_COUNTS, JSON.stringify(files))
}

const indent = (text) => text.replaceAll(/^/gm, '  ')
