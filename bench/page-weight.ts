import { connect } from 'node:net'

/** Bytes of the whole reply as they travel, headers included. */
export function weigh(address: string): Promise<number> {
  const { hostname, port, pathname, search, host } = new URL(address)
  const lines = [`GET ${pathname}${search} HTTP/1.1`, `Host: ${host}`, 'Accept-Encoding: gzip', 'Connection: close']
  return new Promise((resolve, reject) => {
    let bytes = 0
    const socket = connect(Number(port), hostname)
      .on('data', (part) => (bytes += part.length))
      .on('end', () => (bytes === 0 ? reject(new Error(`${address} replied with nothing.`)) : resolve(bytes)))
      .on('error', reject)
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  })
}
