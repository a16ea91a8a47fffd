import { randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(4000)
let used = pool.length
const bytes = Buffer.alloc(16)

/** Ten random bytes behind the first six, out of a pool: one system call serves hundreds of ids. */
function fillRandom(): void {
  if (used + 10 > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  pool.copy(bytes, 6, used, used + 10)
  used += 10
}

let lastMs = 0
let place = 0

/**
 * A UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, 12 that count within one of them (method 1 of its section 6.2), then
 * random bits, so that ids of one process sort in the order in which they were made.
 */
export function uuidv7(ms: number = Date.now()): string {
  bytes.writeUIntBE(ms, 0, 6)
  fillRandom()
  place = ms === lastMs && place < 0xfff ? place + 1 : bytes.readUInt16BE(6) & 0x3ff
  lastMs = ms
  bytes.writeUInt16BE(place, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** When a UUIDv7 was made. */
export function momentOfId(id: string): Date {
  return new Date(Number.parseInt(id.replace('-', '').slice(0, 12), 16))
}

/** Lower than every UUIDv7 made from a moment on. */
export function firstIdAt(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}
