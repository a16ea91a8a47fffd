import { scaleLinear } from 'd3-scale'

/** A window of values that is drawn from the left edge to the right one. */
export type Domain = readonly [number, number]

/** The smallest round window, at least `least` wide, that shows all values and stays within the limits. */
export function windowOf(
  values: readonly (number | null | undefined)[],
  limits: Domain,
  least: number,
  room = 1.2,
): Domain {
  const known = values.filter((value) => value !== null && value !== undefined)
  const low = Math.min(...known)
  const high = Math.max(...known)
  if (!Number.isFinite(low)) return limits
  const half = Math.max(least, (high - low) * room) / 2
  const middle = Math.min(Math.max((low + high) / 2, limits[0] + half), limits[1] - half)
  const [first = 0, last = 1] = scaleLinear([middle - half, middle + half], [0, 100])
    .nice(8)
    .domain()
  return [Math.max(limits[0], first), Math.min(limits[1], last)]
}

/** The place of a value in a window, as SVG reads it. */
export function at(value: number, [first, last]: Domain): string {
  const share = Math.min(1, Math.max(0, (value - first) / (last - first || 1)))
  return `${(share * 100).toFixed(2)}%`
}

export function ticksOf(domain: Domain, count: number): number[] {
  return scaleLinear(domain, [0, 1]).ticks(count)
}

/** Moves labels apart where they would lie on each other; the order stays. */
export function spread<L extends { y: number; height: number }>(labels: readonly L[], bottom: number): L[] {
  const sorted = [...labels].toSorted((a, b) => a.y - b.y)
  for (const [place, label] of sorted.entries()) {
    const above = sorted[place - 1]
    if (above && label.y < above.y + above.height) sorted[place] = { ...label, y: above.y + above.height }
  }
  for (let place = sorted.length - 1; place >= 0; place--) {
    const label = sorted[place]
    const floor = (sorted[place + 1]?.y ?? bottom) - (label?.height ?? 0)
    if (label && label.y > floor) sorted[place] = { ...label, y: floor }
  }
  return sorted
}
