/** An order in which something stands at a place, counted from 0; a place after the last is the last. */
export function placed(others: readonly string[], id: string, position: number): string[] {
  const rest = others.filter((other) => other !== id)
  return [...rest.slice(0, position), id, ...rest.slice(position)]
}
