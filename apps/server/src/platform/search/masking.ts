/** What stands in the place of what was masked: no letter, so that no search takes it for a word. */
const mask = '…'

const masks: RegExp[] = [
  // Addresses of mail, also those that are half typed.
  /\S+@\S*|@\S+/gu,
  /\b(?:https?:|www\.)\S*/giu,
  // A domain with what follows it: what begins a sentence after a dot without a space is rather masked, too.
  /(?<![\p{L}\p{N}])(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?:[/:?#]\S*)?/gu,
  // Five digits and more, also with single signs between them, as telephones, cards and orders are written.
  /\+?\p{Nd}(?:[ \u00a0./()-]{0,2}\p{Nd}){4,}/gu,
]

/** What was searched for without what may say who asked: addresses of mail and of the web, and long numbers. */
export function masked(text: string): string {
  return masks
    .reduce((left, one) => left.replaceAll(one, mask), text)
    .replaceAll(/(?:…\s*){2,}/g, `${mask} `)
    .trim()
}
