import { Buffer } from 'node:buffer'

/** Keys by their bytes, numbered in the order in which they were first seen. */
export interface GroupKeys {
  /** The number of the key in `bytes` from `start` to `end`; -1 for a new one once the limit is reached. */
  numberOf(bytes: Buffer, start: number, end: number): number
  /** All keys as text. */
  list(): string[]
}

/** Longer keys are cut, so that a column of essays does not fill the memory. In bytes. */
const longestKey = 200

/**
 * A hash table that needs no string for a row: keys lie one after another in one buffer, and are decoded at the end.
 */
export function createGroupKeys(limit: number): GroupKeys {
  const mask = 2 ** Math.ceil(Math.log2(4 * limit + 4)) - 1
  const slots = new Int32Array(mask + 1).fill(-1)
  const hashes = new Int32Array(limit)
  const ends = new Int32Array(limit + 1)
  let arena: Buffer = Buffer.alloc(4096)
  let size = 0

  function isKey(number: number, hash: number, bytes: Buffer, start: number, length: number): boolean {
    const from = number === 0 ? 0 : ends[number - 1]!
    if (hashes[number] !== hash || ends[number]! - from !== length) return false
    for (let i = 0; i < length; i++) if (arena[from + i] !== bytes[start + i]) return false
    return true
  }

  function add(slot: number, hash: number, bytes: Buffer, start: number, end: number): number {
    if (size >= limit) return -1
    const from = size === 0 ? 0 : ends[size - 1]!
    if (from + end - start > arena.length) arena = Buffer.concat([arena], arena.length * 2)
    bytes.copy(arena, from, start, end)
    ends[size] = from + end - start
    hashes[size] = hash
    slots[slot] = size
    return size++
  }

  function numberOf(bytes: Buffer, start: number, wholeEnd: number): number {
    const end = Math.min(wholeEnd, start + longestKey)
    const hash = hashOf(bytes, start, end)
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = slots[slot]!
      if (number < 0) return add(slot, hash, bytes, start, end)
      if (isKey(number, hash, bytes, start, end - start)) return number
    }
  }

  function list(): string[] {
    return Array.from({ length: size }, (_, number) =>
      decodeKey(arena.subarray(number && ends[number - 1], ends[number])),
    )
  }

  return { numberOf, list }
}

/** FNV-1a with a last mix, because only the lower bits choose the slot. */
function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
}

function decodeKey(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return bytes.length === longestKey ? text.replace(/\ufffd+$/, '') : text
}
