const dayMs = 86_400_000

/** The same number of days, directly before (−1) or after (1). Dates are local, `YYYY-MM-DD`, both inclusive. */
export function moved({ from, to }: { from: string; to: string }, by: 1 | -1): { from: string; to: string } {
  const length = (Date.parse(to) - Date.parse(from)) / dayMs + 1
  const shift = (date: string) => new Date(Date.parse(date) + by * length * dayMs).toISOString().slice(0, 10)
  return { from: shift(from), to: shift(to) }
}
