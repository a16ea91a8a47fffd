import { isIPv4 } from 'node:net'

/** Whom an address stands for: one IPv4 address, or a whole IPv6 /64, which one customer of a provider gets. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped) return mapped[1]!
  if (isIPv4(address) || !address.includes(':')) return address
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const [before, after] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')))
  const zeros = tail === undefined ? 0 : 8 - before!.length - after!.length
  return [...before!, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after!].slice(0, 4).join(':')
}
