import type { Marked } from './writing-text.ts'

/** A picture that a text shows where it stands, as `![name](file:ID)`. */
export type PictureInText = { id: string; name: string }

const shown = /!\[([^\]\n]*)\]\(file:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\)/g
const awaited = /!\[[^\]\n]*\]\(…\d+\)/g

/** The pictures of a text, each once, in their order. Pure. */
export function picturesIn(text: string): PictureInText[] {
  const all = [...text.matchAll(shown)].map(([, name = '', id = '']) => ({ id, name }))
  return all.filter(({ id }, place) => all.findIndex((one) => one.id === id) === place)
}

/** Takes a picture out of a text, wherever it stands. Pure. */
export function withoutPicture(text: string, id: string): string {
  return text.replaceAll(shown, (mark, _, one: string) => (one === id ? '' : mark))
}

/** Takes out what stands for pictures that were on their way when the text was left. Pure. */
export function withoutAwaited(text: string): string {
  return text.replaceAll(awaited, '')
}

/** Pictures come one after the other, so that each finds its own place. */
let count = 0

/** What stands in a text for a picture that is on its way. */
export function awaitedMark(name: string): string {
  return `![${plain(name)}](…${++count})`
}

export function pictureMark(name: string, id: string): string {
  return `![${plain(name)}](file:${id})`
}

function plain(name: string): string {
  return name.replaceAll(/[[\]\n]/g, ' ').trim()
}

/** Puts something where the cursor stands; the cursor stands behind it. Pure. */
export function putIn({ text, start, end }: Marked, mark: string): Marked {
  const at = start + mark.length
  return { text: text.slice(0, start) + mark + text.slice(end), start: at, end: at }
}

/** Puts something in the place of a mark; the cursor stays between the same letters. Pure. */
export function replaceMark({ text, start, end }: Marked, mark: string, by: string): Marked {
  const from = text.indexOf(mark)
  if (from < 0) return { text, start, end }
  const to = from + mark.length
  const moved = (place: number) => (place >= to ? place + by.length - mark.length : Math.min(place, from + by.length))
  return { text: text.slice(0, from) + by + text.slice(to), start: moved(start), end: moved(end) }
}
