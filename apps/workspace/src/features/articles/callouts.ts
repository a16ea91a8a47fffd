import type { Language } from '@lahko/contract'
import { Extension } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { Plugin } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'

export const tones = ['note', 'tip', 'warning'] as const
export type Tone = (typeof tones)[number]

/** The words that make a quotation stand out on the page, as the server knows them. */
const names: Readonly<Record<Language, Readonly<Record<Tone, string>>>> = {
  en: { note: 'Note', tip: 'Tip', warning: 'Warning' },
  sl: { note: 'Opomba', tip: 'Namig', warning: 'Opozorilo' },
  nb: { note: 'Merk', tip: 'Tips', warning: 'Advarsel' },
}
const toneOf = new Map(
  Object.values(names).flatMap((of) => tones.map((tone) => [of[tone].toLowerCase(), tone] as const)),
)

/** The word by which a callout begins in the language of the text. */
export function calloutName(tone: Tone, language: Language): string {
  return names[language][tone]
}

/** Shows `> **Note** …` as it will stand on the page. */
export const Callouts = Extension.create({
  name: 'callouts',
  addProseMirrorPlugins: () => [new Plugin({ props: { decorations: ({ doc }) => decorate(doc) } })],
})

function decorate(doc: Node): DecorationSet {
  const found: Decoration[] = []
  doc.descendants((node, position) => {
    const tone = node.type.name === 'blockquote' ? toneIn(node) : undefined
    if (tone) found.push(Decoration.node(position, position + node.nodeSize, { 'data-tone': tone }))
  })
  return DecorationSet.create(doc, found)
}

function toneIn(quotation: Node): Tone | undefined {
  const first = quotation.firstChild?.firstChild
  if (!first?.isText || !first.marks.some(({ type }) => type.name === 'bold')) return undefined
  return toneOf.get((first.text ?? '').toLowerCase().replace(/[.:!]$/, ''))
}
