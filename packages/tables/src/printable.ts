/** A text out of a file or a command line, without what a terminal would obey: each run of such characters is a space. */
export function printable(text: string): string {
  return text.replace(/\p{C}+/gu, ' ')
}
