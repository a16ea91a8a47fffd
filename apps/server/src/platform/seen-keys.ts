/** Which keys came before, in eight to sixteen bytes each, so that a file of millions of rows fits. */
export type SeenKeys = {
  /** Notes a key; true when it came before. */
  add(key: string): boolean
}

// Twice as many places as keys keep the walks short.
const mostKeys = 2 ** 23

/**
 * @param most keys that are remembered; of later ones only those are known that came among the first
 * Keys are UUIDs of random bits, told apart by the first 52: among eight million, two are mistaken with probability
 * 0.8 %.
 */
export function createSeenKeys(most = mostKeys): SeenKeys {
  let places = new Float64Array(2 ** 12)
  let kept = 0
  const placeOf = (value: number) => {
    let place = value % places.length
    while (places[place] !== 0 && places[place] !== value) place = (place + 1) % places.length
    return place
  }
  const grow = () => {
    const old = places
    places = new Float64Array(old.length * 2)
    for (const value of old) if (value !== 0) places[placeOf(value)] = value
  }
  return {
    add(key) {
      const value = Number.parseInt(key.replaceAll('-', '').slice(0, 13), 16) + 1
      const place = placeOf(value)
      if (places[place] === value) return true
      if (kept >= most) return false
      places[place] = value
      kept++
      if (kept * 2 > places.length) grow()
      return false
    },
  }
}
