import { openPlainHttp } from './plain-http.ts'

/** Pages that are asked for one after the other over each connection, again from the first after the last. */
export type PortalLoadOrder = { port: number; paths: string[]; connections: number; seconds: number }
/** `failed`: of replies that were no pages, their address and status. Times in milliseconds. */
export type PortalLoadResult = { pages: number; seconds: number; p50: number; p95: number; failed: string[] }

const encoding = 'accept-encoding: gzip, br\r\n'

/** Asks as readers do who are nobody in particular. */
async function load({ port, paths, connections, seconds }: PortalLoadOrder): Promise<PortalLoadResult> {
  const http = openPlainHttp(port, connections, encoding)
  const times: number[] = []
  let next = 0
  const failed: string[] = []
  const began = performance.now()
  const ends = began + seconds * 1000
  const read = async () => {
    while (performance.now() < ends) {
      const asked = performance.now()
      const path = paths[next++ % paths.length]!
      const status = await http.ask('GET', path, undefined)
      times.push(performance.now() - asked)
      if (status !== 200) failed.push(`${path} (${status})`)
    }
  }
  await Promise.all(Array.from({ length: connections }, read))
  const took = (performance.now() - began) / 1000
  http.close()
  times.sort((a, b) => a - b)
  const quantile = (share: number) => times[Math.floor(share * times.length)]!
  return { pages: times.length, seconds: took, p50: quantile(0.5), p95: quantile(0.95), failed }
}

// A list of addresses is longer than an argument may be.
process.once('message', (order: PortalLoadOrder) => {
  void load(order).then((result) => process.send!(result, undefined, undefined, () => process.disconnect()))
})
