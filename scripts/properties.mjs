import fc from 'fast-check'

// The same cases each time, so that a red run says something of the change; LAHKO_TEST_SEED tries others.
fc.configureGlobal({ seed: Number(process.env.LAHKO_TEST_SEED ?? 2026) })
