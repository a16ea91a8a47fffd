import PostalMime, { type Email } from 'postal-mime'
import { charsetOf, mendHeaders } from './charsets.ts'

/** What the parser keeps of each part, as far as it is used here. The version of `postal-mime` is an exact one. */
type Part = {
  content: ArrayBuffer | null
  contentType: { parsed: { value: string; params: Record<string, string> } }
}
type Collecting = { collectNode(part: Part, alternative: unknown, related: boolean): Promise<void> }

const deepest = 50
/** Lines that may begin a part. A few bytes make one, and each takes kilobytes of memory. */
const mostBoundaries = 2_000

/**
 * Takes a mail apart; texts are read in the charset that they are in, whatever they say.
 * @throws when nested too deeply, or in too many parts
 */
export async function mailParts(raw: Buffer): Promise<Email> {
  if (hasTooManyParts(raw)) throw new Error('the mail has too many parts')
  const parser = new PostalMime({ forceRfc822Attachments: true, maxNestingDepth: deepest })
  const inner = parser as unknown as Collecting
  const collect = inner.collectNode.bind(parser)
  // The parser turns bytes into text in this step, by what Content-Type says.
  inner.collectNode = (part, alternative, related) => {
    const { params, value } = part.contentType.parsed
    if (part.content && value.startsWith('text/')) {
      const charset = charsetOf(new Uint8Array(part.content), params['charset'])
      if (charset !== undefined) params['charset'] = charset
    }
    return collect(part, alternative, related)
  }
  return parser.parse(mendHeaders(raw))
}

function hasTooManyParts(raw: Buffer): boolean {
  let count = 0
  for (let at = raw.indexOf('\n--'); at >= 0; at = raw.indexOf('\n--', at + 1)) {
    if (++count > mostBoundaries) return true
  }
  return false
}
