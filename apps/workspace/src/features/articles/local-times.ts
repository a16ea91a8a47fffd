/** An instant as a field of day and time holds it, by the reader's own clock; nothing is an empty field. Pure. */
export function fieldOf(instant: string | null): string {
  if (instant === null) return ''
  const at = new Date(instant)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** What a field of day and time means, by the reader's own clock; null where it is empty or no time. Pure. */
export function instantOf(field: string): string | null {
  const at = new Date(field)
  return field === '' || Number.isNaN(at.getTime()) ? null : at.toISOString()
}
