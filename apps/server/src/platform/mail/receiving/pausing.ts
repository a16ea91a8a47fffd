const longestMs = 300_000

/** How long to leave a server alone after so many failures in a row: 2 s, 4 s, … 5 minutes. */
export function backOff(failures: number): number {
  return Math.min(longestMs, 1_000 * 2 ** Math.min(failures, 10))
}
