import PostalMime, { type Email } from 'postal-mime'
import { Base64Body } from './base64-body.ts'
import { decodeText, mendHeaders } from './charsets.ts'
import { unfoldFlowed } from './flowed-text.ts'

/** What the parser keeps of each part, as far as it is used here. The version of `postal-mime` is an exact one. */
type Part = {
  state: 'header' | 'body' | 'finished'
  content: ArrayBuffer | null
  contentDecoder: unknown
  contentType: { parsed: { value: string; params: Record<string, string> } }
  contentTransferEncoding: { encoding: string }
}
type Line = { bytes: Uint8Array; done: boolean }
type Inner = {
  currentNode: Part
  /** Of the parts that are open. */
  boundaries: { value: Uint8Array }[]
  buf: ArrayBuffer
  av: Uint8Array
  readPos: number
  readLine(): Line
  isInlineTextNode(part: Part): boolean
  collectNode(part: Part, alternative: unknown, related: boolean): Promise<void>
}

const deepest = 50
/** A few bytes begin a part, and each takes kilobytes of memory. */
const mostParts = 2_000
/** So many bytes are handed over at once. Each line by itself takes the parser microseconds, and a mail has millions. */
const longestRun = 65_536
const [lineFeed, carriageReturn, hyphen, equals] = [10, 13, 45, 61]

/**
 * Takes a mail apart; texts are read in the charset that they are in, whatever they say.
 * @throws when nested too deeply, or in too many parts
 */
export async function mailParts(raw: Buffer): Promise<Email> {
  const parser = new PostalMime({ forceRfc822Attachments: true, maxNestingDepth: deepest })
  const inner = parser as unknown as Inner
  const readLine = inner.readLine.bind(parser)
  let parts = 0
  inner.readLine = () => {
    if (beginsPart(inner, inner.readPos) && ++parts > mostParts) throw new Error('the mail has too many parts')
    useOwnDecoder(inner.currentNode)
    return readRun(inner) ?? readLine()
  }
  const collect = inner.collectNode.bind(parser)
  // The parser turns bytes into text in this step, by what Content-Type says.
  inner.collectNode = (part, alternative, related) => {
    if (inner.isInlineTextNode(part) || part.contentType.parsed.value === 'text/calendar') writeAsUtf8(part)
    return collect(part, alternative, related)
  }
  return parser.parse(mendHeaders(raw))
}

function useOwnDecoder(part: Part): void {
  if (part.state !== 'body' || !part.contentTransferEncoding.encoding.includes('base64')) return
  if (!(part.contentDecoder instanceof Base64Body)) part.contentDecoder = new Base64Body()
}

/** As many lines of a body as none of them can end it; undefined where each line has to be looked at. */
function readRun(inner: Inner): Line | undefined {
  const { av, buf, readPos: start, currentNode: part } = inner
  const quoted = part.contentTransferEncoding.encoding.includes('quoted-printable')
  if (part.state !== 'body' || beginsPart(inner, start)) return undefined
  let next = start
  do {
    const feed = av.indexOf(lineFeed, next)
    next = feed < 0 ? av.length : feed + 1
  } while (next < av.length && next - start < longestRun && !beginsPart(inner, next) && !(quoted && goesOn(av, next)))
  let end = av[next - 1] === lineFeed ? next - 1 : next
  while (end > start && av[end - 1] === carriageReturn) end--
  inner.readPos = next
  return { bytes: new Uint8Array(buf, start, end - start), done: next >= av.length }
}

/** Whether a line begins as those do that stand between the parts. */
function beginsPart({ av, boundaries }: Inner, at: number): boolean {
  if (av[at] !== hyphen || av[at + 1] !== hyphen) return false
  return boundaries.some(({ value }) => value.every((byte, place) => byte === av[at + 2 + place]))
}

/** Whether the break before a place is none: quoted-printable has its sign before it. */
function goesOn(bytes: Uint8Array, at: number): boolean {
  return bytes[at - 2] === equals || (bytes[at - 2] === carriageReturn && bytes[at - 3] === equals)
}

function writeAsUtf8(part: Part): void {
  if (!part.content) return
  const { params, value } = part.contentType.parsed
  const text = decodeText(new Uint8Array(part.content), params['charset']).replaceAll('\r\n', '\n')
  const flows = value === 'text/plain' && /^flowed$/i.test(params['format'] ?? '')
  const written = flows ? unfoldFlowed(text, /^yes$/i.test(params['delsp'] ?? '')) : text
  part.content = new TextEncoder().encode(written).buffer
  params['charset'] = 'utf-8'
  // The parser would unfold it once more, and its way joins lines of quotes with their signs.
  delete params['format']
}
