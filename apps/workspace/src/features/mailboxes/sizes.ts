import { number } from '../../platform/format.ts'

/** A size for people. @param bytes how many */
export function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${number(bytes)} B`
  return bytes < 1_000_000 ? `${number(bytes / 1_000)} kB` : `${number(bytes / 1_000_000, 1)} MB`
}
