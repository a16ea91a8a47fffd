const lineFeed = 10

/**
 * A body that is said to be base64, as the parser of mails has it written in lines. Its own takes seconds where each
 * line is padded. What is none stays as it is: some programs declare base64 and write plain text.
 */
export class Base64Body {
  readonly #lines: Buffer[] = []

  /** @param lines without the break that ends them */
  update(lines: Uint8Array): void {
    if (this.#lines.length > 0) this.#lines.push(Buffer.from([lineFeed]))
    this.#lines.push(Buffer.from(lines))
  }

  async finalize(): Promise<ArrayBuffer> {
    const written = Buffer.concat(this.#lines)
    const text = written.toString('latin1')
    const letters = text.replaceAll(/[^a-zA-Z0-9+/=]+/g, '')
    if (isPlain(text, letters.length)) return new Uint8Array(written).buffer
    return decodeUnits(letters).buffer
  }
}

const begin = /^\s*(?:[a-zA-Z0-9+/]{16}|[a-zA-Z0-9+/]+=)/

/** Servers add a line here and there; whoever writes sentences has a space or a sign soon, and then every few letters. */
function isPlain(text: string, letters: number): boolean {
  if (begin.test(text)) return false
  const breaks = text.match(/[\r\n]/g)?.length ?? 0
  return (text.length - breaks - letters) * 20 > letters
}

/** Some programs pad every line: each unit is decoded by itself. */
function decodeUnits(letters: string): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(new ArrayBuffer(Math.ceil((letters.length * 3) / 4)))
  let length = 0
  for (const unit of letters.split(/=+/)) length += bytes.write(unit, length, 'base64')
  return new Uint8Array(bytes.buffer.slice(0, length))
}
