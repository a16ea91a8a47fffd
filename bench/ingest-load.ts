import autocannon from 'autocannon'
import { openPlainHttp } from './plain-http.ts'
import { seededRandom } from './seeded.ts'

/** What a load is started with, as JSON in its first argument. */
export type LoadOrder = {
  port: number
  keys: string[]
  seconds: number
  /** Makes external ids distinct between loads. */
  name: string
  /** Answers in a request. */
  batch: number
  /** Closed loop: each sends when it was answered. Open loop: what is due while all are busy waits for one. */
  connections: number
  /** Open loop: so many requests a second, whether answered or not. */
  rate?: number
  /** An address that is read ten times a second meanwhile. */
  read?: string
}

/** Latencies in milliseconds, of an open loop from the moment when the request was due. */
export type LoadResult = {
  /** Answers in requests that were replied to with 200. */
  acknowledged: number
  /** Answers in requests that were made, also of those still on their way at the end. */
  sent: number
  answersPerSecond: number
  p50Ms: number
  p99Ms: number
  failed: number
  readP99Ms: number | null
  reads: number
}

const channels = ['mail', 'chat', 'phone', 'web']
const topics = ['Returns', 'Delivery', 'Invoice', 'Account', 'Warranty', 'Price', 'Order', 'Size', 'Voucher', 'Other']
const teams = ['North', 'South', 'East', 'West', 'Night']

/** Every combination of the values that answers of this bench carry: 200 segments. */
export function combinations(): { channel: string; topic: string; team: string }[] {
  return channels.flatMap((channel) => topics.flatMap((topic) => teams.map((team) => ({ channel, topic, team }))))
}

const random = seededRandom(7)
const all = combinations()

function answer(name: string, index: number): string {
  const { channel, topic, team } = all[Math.floor(random() * all.length)]!
  const score = 1 + Math.floor(random() * 10)
  const comment = random() < 0.3 ? `,"comment":"It took two calls and a letter until number ${index} was found."` : ''
  const reasons = score <= 4 ? ',"reasons":["waiting"]' : ''
  return (
    `{"survey":"help","score":${score},"externalId":"${name}-${index}","language":"en"` +
    `,"attributes":{"channel":"${channel}","topic":"${topic}","team":"${team}"}${reasons}${comment}}`
  )
}

function bodyOf({ name, batch }: LoadOrder, index: number): string {
  if (batch === 1) return answer(name, index)
  const answers = Array.from({ length: batch }, (_, place) => answer(name, index * batch + place))
  return `{"responses":[${answers.join(',')}]}`
}

function headersOf(key: string): Record<string, string> {
  return { 'content-type': 'application/json', authorization: `Bearer ${key}` }
}

async function closedLoop(order: LoadOrder): Promise<LoadResult> {
  let index = 0
  const result = await autocannon({
    url: `http://127.0.0.1:${order.port}`,
    connections: order.connections,
    duration: order.seconds,
    timeout: 30,
    requests: [
      {
        method: 'POST',
        path: '/api/v1/responses',
        setupRequest: (request) => {
          const turn = index++
          request.headers = headersOf(order.keys[turn % order.keys.length]!)
          request.body = bodyOf(order, turn)
          return request
        },
      },
    ],
  })
  return {
    acknowledged: result['2xx'] * order.batch,
    sent: index * order.batch,
    answersPerSecond: (result['2xx'] / result.duration) * order.batch,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failed: result.non2xx + result.errors,
    readP99Ms: null,
    reads: 0,
  }
}

// A load that has just started is itself too slow to be on time: its first seconds are sent, but not counted.
const warmUpMs = 3_000

/** Sends on time, whatever comes back: who waits for a late answer would not notice that others wait too. */
async function openLoop(order: LoadOrder & { rate: number }): Promise<LoadResult> {
  const http = openPlainHttp(order.port, order.connections)
  const durationMs = warmUpMs + order.seconds * 1000
  const latencies: number[] = []
  const reads: number[] = []
  const pending = new Set<Promise<void>>()
  let failed = 0
  let acknowledged = 0
  const measured = (due: number, into: number[], one: Promise<number>) => {
    const done = one.then(
      (status) => {
        if (status === 200 && into === latencies) acknowledged += order.batch
        if (status !== 200) failed++
        else if (due - began >= warmUpMs) into.push(performance.now() - due)
      },
      () => void failed++,
    )
    pending.add(done)
    void done.finally(() => pending.delete(done))
  }
  const began = performance.now()
  let sent = 0
  let read = 0
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - began
      for (; sent < (Math.min(elapsed, durationMs) / 1000) * order.rate; sent++) {
        const key = order.keys[sent % order.keys.length]!
        measured(
          began + (sent / order.rate) * 1000,
          latencies,
          http.ask('POST', '/api/v1/responses', key, bodyOf(order, sent)),
        )
      }
      for (; order.read && read < Math.min(elapsed, durationMs) / 100; read++) {
        measured(began + read * 100, reads, http.ask('GET', order.read, order.keys[0]!))
      }
      if (elapsed < durationMs) return
      clearInterval(timer)
      resolve()
    }, 1)
  })
  await Promise.all(pending)
  http.close()
  return {
    acknowledged,
    sent: sent * order.batch,
    answersPerSecond: (latencies.length / order.seconds) * order.batch,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    failed,
    readP99Ms: reads.length > 0 ? quantile(reads, 0.99) : null,
    reads: reads.length,
  }
}

function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

if (import.meta.main) {
  const order = JSON.parse(process.argv[2] ?? '{}') as LoadOrder
  const { rate } = order
  process.send?.(await (rate === undefined ? closedLoop(order) : openLoop({ ...order, rate })))
  process.disconnect()
}
