const shape =
  /^(\d{4})-(\d\d)-(\d\d)[T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)$/

/** Whether PostgreSQL reads a text as a moment: `Date.parse` takes the 30th of February, and hours that no zone has. */
export function isMoment(text: string): boolean {
  const [, year, month, day] = shape.exec(text) ?? []
  if (year === undefined || Number(year) < 1) return false
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${year}-${month}-${day}`)
}
