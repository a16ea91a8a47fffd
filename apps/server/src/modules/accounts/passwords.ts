import { readFileSync } from 'node:fs'
import { invalidField } from '#platform/problem.ts'

const words = readWords()
// Rows, columns and diagonals of keyboards, the alphabet, the digits; each is also walked backwards and from any key on.
const walks = withReverses([
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'qwertyuiop[]',
  'qwertzuiopšđasdfghjklčćž',
  'qwertyuiopåasdfghjkløæ',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  'qazwsxedcrfvtgbyhnujmikolp',
  'zaq12wsxcde34rfvbgt56yhnmju78ik',
  'abcdefghijklmnopqrstuvwxyz',
  '12345678901234567890',
])
const likeLetters: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/**
 * Refuses a password that is among the first that somebody else would try.
 * @param field JSON Pointer of the password
 * @param about what is publicly known of its owner: e-mail address, name, workspace
 * @throws Problem invalid
 */
export function refuseWeakPassword(field: string, password: string, about: readonly string[]): void {
  if (isCommonPassword(password)) throw invalidField(field, 'accounts.password_common')
  const lower = password.toLowerCase()
  if (partsOf(about).some((part) => lower.includes(part))) throw invalidField(field, 'accounts.password_about_you')
}

/** Whether a password is one of the known favourites, or is built the way that they are. */
export function isCommonPassword(password: string): boolean {
  const lower = password.normalize('NFKC').toLowerCase()
  return new Set(lower).size < 5 || isDate(lower) || isWalk(lower) || isRepeated(lower) || isWordsAndFiller(lower)
}

/** The words of what is known about a person that are long enough to be meant. */
function partsOf(about: readonly string[]): string[] {
  return about.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((part) => part.length >= 4)
}

function isDate(text: string): boolean {
  return /^\D{0,2}\d{6,14}\D{0,2}$/.test(text)
}

/** Walks of four keys or more, and what little is left between them. */
function isWalk(text: string): boolean {
  let rest = text
  for (let length = text.length; length >= 4; length--) {
    for (let start = 0; start + length <= rest.length;) {
      const piece = rest.slice(start, start + length)
      if (walks.some((walk) => walk.includes(piece))) rest = rest.slice(0, start) + rest.slice(start + length)
      else start++
    }
  }
  return rest.length <= Math.min(3, text.length - 8)
}

function isRepeated(text: string): boolean {
  for (let length = 1; length <= text.length / 2; length++) {
    if (
      text
        .slice(0, length)
        .repeat(Math.ceil(text.length / length))
        .startsWith(text) &&
      length < 6
    )
      return true
  }
  return false
}

/** One or two favourite words with digits and signs around them, also when letters are written as digits. */
function isWordsAndFiller(text: string): boolean {
  const trimmed = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  const plain = [...text].map((one) => likeLetters[one] ?? one).join('')
  const spellings = [text, trimmed, plain, [...trimmed].map((one) => likeLetters[one] ?? one).join('')]
  return spellings.map((one) => one.replace(/[^\p{L}]+/gu, '')).some(isWords)
}

function isWords(letters: string): boolean {
  if (words.has(letters)) return true
  for (let cut = 2; cut <= letters.length - 2; cut++) {
    if (words.has(letters.slice(0, cut)) && words.has(letters.slice(cut))) return true
  }
  return false
}

function withReverses(rows: readonly string[]): string[] {
  return rows.flatMap((row) => [row, [...row].reverse().join('')])
}

function readWords(): ReadonlySet<string> {
  const text = readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8')
  return new Set(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .flatMap((line) => line.split(' ')),
  )
}
