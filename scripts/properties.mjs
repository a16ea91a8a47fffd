// What every test process begins with.
import fc from 'fast-check'

// The same cases each time, so that a red run says something of the change; LAHKO_TEST_SEED tries others.
fc.configureGlobal({ seed: Number(process.env.LAHKO_TEST_SEED ?? 2026) })

// A file that hangs after its tests would hold up the run for ever: it counts as failed. The process that starts the
// others has no context.
const longestFileMs = 8 * 60_000
if (process.env.NODE_TEST_CONTEXT) {
  const end = () => {
    console.error(`This file did not end within ${longestFileMs / 60_000} minutes.`)
    process.exit(1)
  }
  setTimeout(end, longestFileMs).unref()
}
