import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { EffortReport } from '@lahko/contract'
import { testHouse, type TestHouse } from '../platform/testing/house.ts'

let house: TestHouse
before(async () => void (house = await testHouse()))
after(() => house.close())

test('the demo fills a workspace through the product’s own verbs, and is removed with one request', async () => {
  const opened = await house.app.inject({ method: 'POST', url: '/api/v1/demo' })
  assert.equal(opened.statusCode, 202, opened.body)
  const given = opened.headers['set-cookie'] ?? (await enter(opened.json().workspaceUrl as string))
  const cookie = String(given).split(';')[0]!
  const { host } = new URL(opened.json().workspaceUrl as string)
  const headers = { host, cookie, 'sec-fetch-site': 'same-origin' }
  await house.jobs.settle()
  const progress = (await house.app.inject({ url: '/api/v1/demo', headers })).json()
  assert.deepEqual(progress, { state: 'ready', done: 10010, total: 10010 })

  const shown = await house.app.inject({ url: '/api/v1/insight/effort', headers })
  assert.equal(shown.statusCode, 200, shown.body)
  const report = shown.json() as EffortReport
  const returns = report.breakdowns
    .find(({ attribute }) => attribute === 'topic')
    ?.groups.find(({ value }) => value === 'Returns')
  assert.ok(returns && returns.n > 20)
  assert.ok(report.summary.n > 150)
  assert.equal(report.before?.periods, 12)

  const removed = await house.app.inject({ method: 'DELETE', url: '/api/v1/demo', headers })
  assert.equal(removed.statusCode, 204, removed.body)
  assert.equal((await house.app.inject('/api/v1/demo')).json().state, 'none')
})

async function enter(url: string) {
  const { pathname, host } = new URL(url)
  return (await house.app.inject({ url: pathname, headers: { host } })).headers['set-cookie']
}
