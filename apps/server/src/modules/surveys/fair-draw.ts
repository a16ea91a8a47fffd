import { hash } from 'node:crypto'

/**
 * A number from 0 to 1 that belongs to a touchpoint: the first 8 bytes of SHA-256 over seed and id. It is the same
 * whenever it is drawn, and another seed draws others.
 */
export function drawOf(seed: string, touchpointId: string): number {
  const digest = hash('sha256', `${seed}:${touchpointId}`, 'buffer')
  return Number(digest.readBigUInt64BE(0)) / 2 ** 64
}

/** Whether a touchpoint is in a share (above 0, at most 1) of all. What is in a share is in every larger one. */
export function isDrawn(seed: string, touchpointId: string, share: number): boolean {
  return share >= 1 || drawOf(seed, touchpointId) < share
}
