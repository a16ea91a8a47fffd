/** Reciprocal rank of the one right answer among ten: 1, ½, ⅓ … or 0. */
export function reciprocalRank(found: readonly string[], right: string): number {
  const place = found.slice(0, 10).indexOf(right)
  return place < 0 ? 0 : 1 / (place + 1)
}

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * The interval of a mean difference, 95 % by percentiles: whole groups are drawn, as questions about one article are
 * answered well or badly together.
 */
export function pairedInterval(
  groups: readonly (readonly number[])[],
  random: () => number,
  rounds = 10_000,
): { low: number; high: number } {
  const sums = groups.map((group) => group.reduce((sum, value) => sum + value, 0))
  const means = Array.from({ length: rounds }, () => {
    let sum = 0
    let count = 0
    for (let drawn = 0; drawn < groups.length; drawn++) {
      const at = Math.floor(random() * groups.length)
      sum += sums[at]!
      count += groups[at]!.length
    }
    return sum / count
  }).toSorted((a, b) => a - b)
  return { low: means[Math.floor(rounds * 0.025)]!, high: means[Math.ceil(rounds * 0.975) - 1]! }
}

const plainLetters: Record<string, string> = { å: 'a', ø: 'o', æ: 'ae' }

/** As it is typed without the letters of one's language. */
export function withoutCarets(text: string): string {
  const plain = text.replaceAll(/[åøæ]/gi, (letter) => plainLetters[letter.toLowerCase()]!)
  return plain.normalize('NFD').replaceAll(/\p{M}/gu, '').normalize('NFC')
}

/** What stands there when somebody has typed a share of a question. */
export function begun(text: string, share: number): string {
  return text.slice(0, Math.max(4, Math.round(share * text.length))).trimEnd()
}

const alphabet = 'abcdefghijklmnoprstuvz'

/** One slip in one word of at least four letters: a letter left out, doubled, changed, or swapped with the next. */
export function withTypo(text: string, random: () => number): string {
  const long = [...text.matchAll(/\p{L}{4,}/gu)]
  if (long.length === 0) return text
  const chosen = long[Math.floor(random() * long.length)]!
  let wrong = chosen[0]
  while (wrong === chosen[0]) wrong = slip(chosen[0], random)
  return text.slice(0, chosen.index) + wrong + text.slice(chosen.index + chosen[0].length)
}

function slip(word: string, random: () => number): string {
  // The first letter is seldom missed.
  const at = 1 + Math.floor(random() * (word.length - 2))
  const [before, letter, next, after] = [word.slice(0, at), word[at]!, word[at + 1]!, word.slice(at + 2)]
  const kind = Math.floor(random() * 4)
  if (kind === 0) return before + next + after
  if (kind === 1) return before + letter + letter + next + after
  if (kind === 2) return before + alphabet[Math.floor(random() * alphabet.length)]! + next + after
  return before + next + letter + after
}
