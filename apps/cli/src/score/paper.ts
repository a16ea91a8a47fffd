import { printable } from '@lahko/tables'

/** What the table is written on. */
export interface Paper {
  /** In characters. */
  width: number
  colour: boolean
}

/** Where the words of a row must be few. */
export function isNarrow({ width }: Paper): boolean {
  return width < 76
}

/** The seven steps of effort from rust (hard) to lake (easy), as colours of a 256-colour terminal. */
const stepColours = [130, 137, 144, 246, 109, 73, 37]

/** Text in the colour of a step 1–7. */
export function inStep(text: string, step: number, { colour }: Paper): string {
  return colour ? `\x1b[38;5;${stepColours[step - 1]}m${text}\x1b[39m` : text
}

export function bold(text: string, { colour }: Paper): string {
  return colour ? `\x1b[1m${text}\x1b[22m` : text
}

export function quiet(text: string, { colour }: Paper): string {
  return colour ? `\x1b[2m${text}\x1b[22m` : text
}

/** How many columns of a terminal a text takes; a wide letter takes two. */
export function widthOf(text: string): number {
  let width = 0
  for (const letter of text) {
    if (/\p{M}/u.test(letter)) continue
    width += /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}]/u.test(
      letter,
    )
      ? 2
      : 1
  }
  return width
}

/** Text without control characters, cut to so many columns. */
export function fitted(text: string, width: number): string {
  const plain = printable(text)
  if (widthOf(plain) <= width) return plain
  let cut = ''
  for (const letter of plain) {
    if (widthOf(cut + letter) >= width) break
    cut += letter
  }
  return `${cut}…`
}

/** A sentence on as many lines as it takes; those after the first begin where its own text does. */
export function folded(sentence: string, width: number): string[] {
  const indent = /^ */.exec(sentence)![0]
  const lines: string[] = []
  let line = indent
  for (const word of sentence.trim().split(/ (?!%)/)) {
    const longer = line === indent ? indent + word : `${line} ${word}`
    if (line !== indent && widthOf(longer) > width) {
      lines.push(line)
      line = indent + word
    } else line = longer
  }
  return [...lines, line]
}

function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text
}

/** Rows of cells in columns two apart; those named in `right` end on the right. */
export function columnsOf(rows: readonly (readonly string[])[], right: readonly number[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [place, cell] of row.entries()) widths[place] = Math.max(widths[place] ?? 0, widthOf(cell))
  }
  return rows.map((row) =>
    row
      .map((cell, place) => (right.includes(place) ? padStart(cell, widths[place]!) : padEnd(cell, widths[place]!)))
      .join('  ')
      .trimEnd(),
  )
}
