import type { Marked } from './writing-text.ts'

/** A picture that a text shows where it stands: `![name]` in the field, `![name](file:ID)` on the server. */
export type PictureInText = { id: string; name: string }

const kept = /!\[([^\]\n]*)\]\(file:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\)/g
const shown = /!\[([^\]\n]+)\](?!\()/g

/** A text of the server as the field shows it, each picture under a name of its own. Pure. */
export function shownText(text: string): { text: string; pictures: PictureInText[] } {
  const pictures: PictureInText[] = []
  const plain = text.replaceAll(kept, (_, name: string, id: string) => {
    const known = pictures.find((one) => one.id === id)
    const picture = known ?? { id, name: freeName(name, namesOf(pictures)) }
    if (!known) pictures.push(picture)
    return markOf(picture.name)
  })
  return { text: plain, pictures }
}

/** A text without its pictures. Pure. */
export function withoutPictures(text: string): string {
  return text
    .replaceAll(kept, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

/** What the field holds, as the server keeps it. Pure. */
export function keptText(text: string, pictures: readonly PictureInText[]): string {
  return text.replaceAll(shown, (mark, name: string) => {
    const picture = pictures.find((one) => one.name === name)
    return picture ? `${mark}(file:${picture.id})` : mark
  })
}

/** Those of some pictures that the field still shows. Pure. */
export function stillIn(text: string, pictures: readonly PictureInText[]): PictureInText[] {
  return pictures.filter(({ name }) => text.includes(markOf(name)))
}

/** Takes a picture out, wherever the field shows it. Pure. */
export function withoutPicture(text: string, name: string): string {
  return text.replaceAll(markOf(name), '')
}

export function markOf(name: string): string {
  return `![${name}]`
}

/** Names that are taken by what the field shows. Pure. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(shown)].map(([, name]) => name!)
}

/** A name that can stand in a mark and is not taken: `zip.png`, `zip-2.png`. Pure. */
export function freeName(given: string, taken: readonly string[]): string {
  const plain = given.replaceAll(/[[\]()\n]/g, ' ').trim() || 'picture'
  const [, stem = plain, ending = ''] = /^(.*?)(\.[^.]*)?$/.exec(plain) ?? []
  let name = plain
  for (let count = 2; taken.includes(name); count++) name = `${stem}-${count}${ending}`
  return name
}

function namesOf(pictures: readonly PictureInText[]): string[] {
  return pictures.map(({ name }) => name)
}

/** Puts something where the cursor stands; the cursor stands behind it. Pure. */
export function putIn({ text, start, end }: Marked, mark: string): Marked {
  const at = start + mark.length
  return { text: text.slice(0, start) + mark + text.slice(end), start: at, end: at }
}
