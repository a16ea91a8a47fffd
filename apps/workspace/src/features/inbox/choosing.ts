/** So many tickets can be chosen: the API changes no more in one transaction. */
export const most = 200

/** The first of what would be chosen. Pure. */
export function atMost(wanted: ReadonlySet<string>): ReadonlySet<string> {
  return wanted.size > most ? new Set([...wanted].slice(0, most)) : wanted
}

/** From one line to another, both included; nothing unless both are listed. Pure. */
export function through(ids: readonly string[], anchor: string | undefined, id: string): string[] {
  const from = anchor === undefined ? -1 : ids.indexOf(anchor)
  const to = ids.indexOf(id)
  return from < 0 || to < 0 ? [] : ids.slice(Math.min(from, to), Math.max(from, to) + 1)
}
