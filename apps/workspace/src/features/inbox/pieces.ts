/** What a reply may hold beside words, as the composer writes it: **bold**, _italic_ or *italic*, addresses, pictures; points of a list are words. */
export type Piece =
  | { kind: 'text' | 'bold' | 'italic'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'picture'; text: string; fileId: string }

const address = String.raw`https?:\/\/[^\s<>"'）\])]+[^\s<>"'.,;:!?）\])]`
const picture = String.raw`!\[([^\]\n]*)\]\(file:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\)`
const link = String.raw`\[([^\]\n]{1,200})\]\((https?:\/\/[^\s)]{1,1000})\)`
const strong = String.raw`\*\*([^*\n]{1,500})\*\*`
const starred = String.raw`(?<![\p{L}\p{N}*])\*(?![\s*])([^*\n]{1,500})(?<!\s)\*(?![\p{L}\p{N}*])`
const slanted = String.raw`(?<![\p{L}\p{N}_])_([^_\n]{1,500})_(?![\p{L}\p{N}_])`
const point = /^([ \t]*)[-*+] (?=\S)/gm

/** Parts of a text to be shown. @param plain of a customer: only addresses mean something */
export function piecesOf(given: string, plain: boolean): Piece[] {
  const text = plain ? given : given.replaceAll(point, '$1• ')
  const pattern = new RegExp(plain ? address : [picture, link, strong, slanted, starred, address].join('|'), 'gu')
  const pieces: Piece[] = []
  let at = 0
  for (const found of text.matchAll(pattern)) {
    if (found.index > at) pieces.push({ kind: 'text', text: text.slice(at, found.index) })
    pieces.push(pieceOf(found))
    at = found.index + found[0].length
  }
  if (at < text.length) pieces.push({ kind: 'text', text: text.slice(at) })
  return pieces
}

function pieceOf([whole, name, fileId, linked, href, bold, slant, star]: RegExpMatchArray): Piece {
  if (name !== undefined && fileId !== undefined) return { kind: 'picture', text: name, fileId }
  if (linked !== undefined && href !== undefined) return { kind: 'link', text: linked, href }
  if (bold !== undefined) return { kind: 'bold', text: bold }
  const italic = slant ?? star
  if (italic !== undefined) return { kind: 'italic', text: italic }
  return { kind: 'link', text: whole, href: whole }
}
