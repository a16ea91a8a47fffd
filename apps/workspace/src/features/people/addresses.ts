const most = 10_000
/** As the server takes them: what is refused there would refuse all that come with it. */
const address = /^[a-z0-9_+][a-z0-9_'+-]*(?:\.[a-z0-9_'+-]+)*@(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{2,}$/

/**
 * The addresses in a text or a table, whatever stands around them: names, headings, commas, quotes, brackets.
 * @returns each once, in lower case, by the ten thousand, and what looks like one and is none
 */
export function addressesIn(text: string): { batches: string[][]; count: number; wrong: string[] } {
  const words = text
    .toLowerCase()
    .split(/[\s,;<>"()[\]|]+/)
    .map((word) => word.replace(/^mailto:|[.:]+$/g, ''))
    .filter((word) => word.includes('@'))
  const all = [...new Set(words)]
  const good = all.filter(isAddress)
  const batches = Array.from({ length: Math.ceil(good.length / most) }, (_, place) =>
    good.slice(place * most, (place + 1) * most),
  )
  return { batches, count: good.length, wrong: all.filter((one) => !isAddress(one)) }
}

function isAddress(text: string): boolean {
  return text.length <= 254 && address.test(text)
}
