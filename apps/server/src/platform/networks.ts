import { BlockList, isIP, isIPv4 } from 'node:net'

const nearby = new BlockList()
for (const [address, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  nearby.addSubnet(address, bits)
for (const [address, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  nearby.addSubnet(address, bits, 'ipv6')

/** Whether an address is of this machine or of a private network. */
export function isPrivate(address: string): boolean {
  const plain = address.split('%')[0]!
  return nearby.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
}

const nobodys = new BlockList()
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['100.64.0.0', 10],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  nobodys.addSubnet(address, bits)
for (const [address, bits] of [
  // Ways into IPv4 networks, and addresses for examples.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  nobodys.addSubnet(address, bits, 'ipv6')
const given = new BlockList()
given.addSubnet('2000::', 3, 'ipv6')

/**
 * Whether an address is a machine's in the public Internet: neither of this machine or a private network, nor one of
 * those that IANA keeps for something else. What is no address is not.
 */
export function isPublic(address: string): boolean {
  const version = isIP(address)
  if (version === 0 || isPrivate(address)) return false
  if (version === 4) return !nobodys.check(address, 'ipv4')
  return given.check(address, 'ipv6') && !nobodys.check(address, 'ipv6')
}

/** Whether a host, by name or address, is this machine itself: nobody stands between. */
export function isThisMachine(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(host)
}

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
