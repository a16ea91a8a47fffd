/** What of an answered mail is kept. */
const longest = 10_000

// Whoever writes to us chooses the text. No pattern here may take more steps than a line is long, times a few.

/** How mail programs begin the mail that is answered: who wrote it when, in English, Slovenian, Norwegian and around. */
const wrote =
  /^.{4,300}\b(wrote|(na)?pisal[aio]?(\s?[/(]?-?a\)?)?|(a )?écrit|ha scritto|escribió|skrev( følgende)?)\s?:$|^.{4,200}\b(skrev|schrieb|schreef)\b.{0,200}:$/i
const separator =
  /^[-_—\s]{2,}(original message|forwarded message|izvorno sporočilo|prvotno sporočilo|posredovano sporočilo|opprinnelig melding|videresendt melding|ursprüngliche nachricht|weitergeleitete nachricht)[-_—\s]*$/i
const forwardedBegins = /^(begin forwarded message|anfang der weitergeleiteten nachricht):$/i
const headFrom = /^[*>\s]*(from|von|od|pošiljatelj|fra)\s?:\*?\s*\S/i
const headSent = /^[*>\s]*(sent|date|gesendet|poslano|datum|sendt|dato)\s?:\*?\s*\S/i
const headRest = /^[*>\s]*(to|cc|subject|an|betreff|za|komu|zadeva|kp|til|kopi|emne)\s?:\*?\s*\S/i
const signedByDevice =
  /^(sent from my |get outlook for |poslano (iz|z|s) (moj|naprav|telefon|pošt)|pošta poslana|prenesite outlook|pridobite outlook|sendt fra (min|mi|mitt|outlook)|skaffe outlook|hent outlook|last ned outlook)/i

/** What stands above a signature, and how people close in English. */
const signature = /^(-{2,4}|_{2,}|\+{2,4}|={2,4}|cheers|best wishes|(\w{1,20} (and )?){0,3}regards)[,!]*$/i

/** What somebody wrote themselves: without the mail that they answered and without signatures. */
export function newTextOf(text: string): string {
  const own = ownLines(text.replaceAll('\u00a0', ' ').split('\n')).filter((line) => !isQuoted(line))
  const end = own.findIndex((line) => signature.test(line.trim()))
  return own
    .slice(0, end < 0 ? undefined : end)
    .filter((line) => !signedByDevice.test(line.trim()))
    .map((line) => line.trimEnd())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
    .slice(0, longest)
    .toWellFormed()
}

/** What a colleague wrote to be sent on: no line of theirs is left out but quotes, and what stands below `-- `. */
export function ownTextOf(text: string): string {
  const own = ownLines(text.split('\n')).filter((line) => !isQuoted(line))
  const end = own.indexOf('-- ')
  return own
    .slice(0, end < 0 ? undefined : end)
    .join('\n')
    .trim()
}

/**
 * A mail's text for display: what it answers apart, signatures left in place. Nothing is folded where answers stand
 * between quoted lines, or where nothing else was written.
 */
export function foldQuoted(text: string): { text: string; quoted: string | null } {
  const given = text.split('\n')
  const lines = given.map((line) => line.replaceAll('\u00a0', ' '))
  const head = lines.findIndex((_, index) => beginsQuoted(lines, index))
  const start = head >= 0 ? head : startOfLastQuote(lines)
  const below = start < 0 ? [] : lines.slice(start + (head >= 0 ? whoWroteWhen(lines, start) : 0))
  const between = below.some(isQuoted) && below.some((line) => line.trim() !== '' && !isQuoted(line))
  const above = given.slice(0, Math.max(0, start)).join('\n').trim()
  if (start < 0 || between || above === '') return { text, quoted: null }
  return { text: above, quoted: given.slice(start).join('\n').trim() }
}

/** Where the quoted lines at the end of a text begin; -1 without any. */
function startOfLastQuote(lines: readonly string[]): number {
  const last = lines.findLastIndex((line) => line.trim() !== '' && !isQuoted(line))
  const start = lines.findIndex((line, index) => index > last && isQuoted(line))
  return start
}

/** Lines above the mail that is answered; those between and below its quoted lines too. */
function ownLines(lines: readonly string[]): readonly string[] {
  const start = lines.findIndex((_, index) => beginsQuoted(lines, index))
  if (start < 0) return lines
  const above = lines.slice(0, start)
  const below = lines.slice(start + whoWroteWhen(lines, start))
  return below.some(isQuoted) ? [...above, ...below.filter((line) => !isQuoted(line))] : above
}

function isQuoted(line: string): boolean {
  return line.trimStart().startsWith('>')
}

function beginsQuoted(lines: readonly string[], index: number): boolean {
  const line = lines[index]!.trim()
  if (line === '' || isQuoted(line)) return false
  if (separator.test(line) || forwardedBegins.test(line) || whoWroteWhen(lines, index) > 0) return true
  const near = lines.slice(index + 1, index + 5)
  return headFrom.test(line) && near.some((one) => headSent.test(one)) && near.some((one) => headRest.test(one))
}

/** Mail programs break that line into two or three. @returns how many lines it takes here; 0 when it is none */
function whoWroteWhen(lines: readonly string[], index: number): number {
  return (
    [1, 2, 3].find((count) => {
      const joined = lines.slice(index, index + count).map((one) => one.trim())
      const one = joined.join(' ')
      return !joined.includes('') && one.length <= 400 && hasDate(one) && wrote.test(one)
    }) ?? 0
  )
}

/** A sentence of somebody's own may end in *wrote:* as well; a mail program's says when. */
function hasDate(line: string): boolean {
  return /\d{1,4}[.:/-]/.test(line) || /\b(19|20)\d\d\b/.test(line)
}
