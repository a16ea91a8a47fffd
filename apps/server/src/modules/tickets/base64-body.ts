/** A body in base64, as the parser of mails has it written in lines. Its own takes seconds where each line is padded. */
export class Base64Body {
  readonly #lines: Buffer[] = []

  /** @param lines without the break that ends them */
  update(lines: Uint8Array): void {
    this.#lines.push(Buffer.from(lines))
  }

  async finalize(): Promise<ArrayBuffer> {
    return decodeUnits(Buffer.concat(this.#lines).toString('latin1')).buffer
  }
}

/** Some programs pad every line: each unit is decoded by itself. */
function decodeUnits(text: string): Uint8Array<ArrayBuffer> {
  const letters = text.replaceAll(/[^a-zA-Z0-9+/=]+/g, '')
  const bytes = Buffer.from(new ArrayBuffer(Math.ceil((letters.length * 3) / 4)))
  let length = 0
  for (const unit of letters.split(/=+/)) length += bytes.write(unit, length, 'base64')
  return new Uint8Array(bytes.buffer.slice(0, length))
}
