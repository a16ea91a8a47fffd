/**
 * Joins the lines that a mail program broke (RFC 3676), within one depth of quoting. Pure.
 * @param deletesSpace `DelSp`: the space before a break was put there for it
 */
export function unfoldFlowed(text: string, deletesSpace = false): string {
  const written: string[] = []
  let flows = false
  let depth = 0
  for (const line of text.split(/\r?\n/)) {
    const [quotes] = /^>*/.exec(line)!
    const own = line.slice(quotes.length).replace(/^ /, '')
    const isSignature = own === '-- '
    const goesOn = flows && quotes.length === depth && !isSignature
    if (!goesOn) written.push(written.length > 0 ? '\n' : '', quotes, quotes && ' ')
    flows = own.endsWith(' ') && !isSignature
    depth = quotes.length
    written.push(flows && deletesSpace ? own.slice(0, -1) : own)
  }
  return written.join('')
}
