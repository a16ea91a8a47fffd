// A quiet reporter: failures in full, one line a lane, and the counts for whoever started it.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { inspect } from 'node:util'

export default async function* report(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for await (const { type, data } of events) {
    const isFileItself = data?.nesting === 0 && data?.name === data?.file
    if (type === 'test:pass' && data.details?.type !== 'suite' && !isFileItself) {
      if (data.skip !== undefined || data.todo !== undefined) counts.skipped++
      else counts.passed++
    }
    if (type === 'test:fail' && data.details?.error?.failureType !== 'subtestsFailed') {
      counts.failed++
      const where = data.file ? `${relative(process.cwd(), data.file)}:${data.line ?? ''}` : ''
      const cause = data.details?.error?.cause ?? data.details?.error
      yield `\n✖ ${data.name}\n  ${where}\n${indent(cause?.stack ?? inspect(cause))}\n`
    }
    if ((type === 'test:stderr' || type === 'test:stdout') && process.env.LAHKO_TEST_OUTPUT) yield data.message
  }
  if (process.env.LAHKO_TEST_COUNTS) writeFileSync(process.env.LAHKO_TEST_COUNTS, JSON.stringify(counts))
}

const indent = (text) => text.replaceAll(/^/gm, '  ')
