import { besides, reasons, thanks } from './thanks-phrases.ts'

const longest = 300
const glad = /[🙂😊😀😃😄😁😍🥰😉👍👌🙏🤗💪🎉✨⭐🌟❤♥💯☺🫶👏]|\p{Emoji_Modifier}|\ufe0f|\u200d|[:;]-?[)D]|<3/gu
/** A question, somebody who is not glad, and pictures whose meaning is anybody's guess. */
const doubtful = /\?|:-?\(|\p{Extended_Pictographic}/u
const byDevice =
  /^(sent from my |sent from outlook|poslano (iz|z|s) |sendt fra (min|mitt) |von meinem .{1,30} gesendet)/i

type Phrase = { words: readonly string[]; thanks: boolean }
type Phrases = ReadonlyMap<string, readonly Phrase[]>
let known: Phrases | undefined

/** By their first words; made when somebody first asks, since most workspaces never do. */
function phrasesKnown(): Phrases {
  known ??= Map.groupBy(
    [...phrasesOf(thanks, true), ...phrasesOf([...besides, ...reasons], false)],
    ({ words: [first] }) => first ?? '',
  )
  return known
}

/**
 * Whether a text is nothing but thanks, in English, Slovenian, Norwegian or German: each of its words has to belong to a
 * phrase that is known, so that whatever else is said makes it none.
 * @param text what somebody wrote, without what it quotes
 * @param names of people who may be addressed in it or have signed it
 */
export function isPlainThanks(text: string, names: readonly string[] = []): boolean {
  if (text.length > longest) return false
  const own = text.split(/\n-- ?(?:\n|$)/)[0]!.split('\n')
  const said = own.filter((line) => !byDevice.test(line.trim())).join('\n')
  const plain = said.replaceAll(glad, ' ')
  return !doubtful.test(plain) && isMadeOf(wordsOf(plain), new Set(names.flatMap(wordsOf)))
}

/** Whether the words are phrases one after the other, with thanks among them. */
function isMadeOf(words: readonly string[], names: ReadonlySet<string>): boolean {
  const phrases = phrasesKnown()
  // Up to each place: whether it is reached at all, and whether with thanks.
  const reached: (undefined | { thanked: boolean })[] = [{ thanked: false }]
  for (const [place, word] of words.entries()) {
    const here = reached[place]
    if (!here) continue
    const reach = (end: number, thanked: boolean) => {
      reached[end] = { thanked: thanked || here.thanked || (reached[end]?.thanked ?? false) }
    }
    if (names.has(word)) reach(place + 1, false)
    for (const phrase of phrases.get(word) ?? []) {
      if (phrase.words.every((one, step) => words[place + step] === one))
        reach(place + phrase.words.length, phrase.thanks)
    }
  }
  return reached[words.length]?.thanked ?? false
}

function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/[\p{M}'’]/gu, '')
    .toLowerCase()
  const latin = plain.replaceAll(/[øæđßł]/g, (one) => ({ ø: 'o', æ: 'ae', đ: 'd', ß: 'ss', ł: 'l' })[one] ?? one)
  return latin.match(/[\p{L}\p{N}]+/gu) ?? []
}

function phrasesOf(patterns: readonly string[], isThanks: boolean): Phrase[] {
  return patterns.flatMap(expand).map((phrase) => ({ words: phrase.split(' ').filter(Boolean), thanks: isThanks }))
}

/** Each text that a pattern stands for. */
function expand(pattern: string): string[] {
  const [all, inner] = /\(([^()]*)\)/.exec(pattern) ?? []
  if (all === undefined || inner === undefined) return [pattern]
  return inner.split('|').flatMap((one) => expand(pattern.replace(all, one)))
}
