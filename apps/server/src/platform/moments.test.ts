import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMoment } from './moments.ts'

const good = [
  '2026-11-26T09:00:00Z',
  '2026-11-26T09:00:00.123456Z',
  '2026-11-26 09:00:00+00',
  '2026-11-26 09:00:00.5+05:30',
  '2024-02-29T23:59:59-08:00',
]
const bad = [
  ...['', 'infinity', '2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', '2026-00-01T00:00:00Z', '0000-01-01T00:00:00Z'],
  ...['2026-11-26T24:00:00Z', '2026-11-26T09:00:00+99', '2026-11-26T09:00:00', '2026-11-26', '12026-11-26T09:00:00Z'],
  ...['2025-02-29T00:00:00Z', '2026-11-26T09:00:00Z; drop'],
]
for (const text of good) test(`${text} is a moment`, () => assert.equal(isMoment(text), true))
for (const text of bad) test(`“${text}” is none`, () => assert.equal(isMoment(text), false))
