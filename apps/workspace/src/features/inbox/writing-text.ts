/** A text and what of it is marked, as a field holds them. */
export type Marked = { text: string; start: number; end: number }

/** Puts signs around what is marked, or takes them away; without a mark the cursor stands between them. Pure. */
export function wrap({ text, start, end }: Marked, sign: string): Marked {
  const inner = text.slice(start, end)
  const wrapped = text.slice(0, start).endsWith(sign) && text.slice(end).startsWith(sign)
  if (wrapped) {
    const before = text.slice(0, start - sign.length)
    return {
      text: before + inner + text.slice(end + sign.length),
      start: before.length,
      end: before.length + inner.length,
    }
  }
  const at = start + sign.length
  return { text: text.slice(0, start) + sign + inner + sign + text.slice(end), start: at, end: at + inner.length }
}

/** Makes a list of the marked lines, or plain lines of a list. Pure. */
export function listLines({ text, start, end }: Marked): Marked {
  const from = text.lastIndexOf('\n', start - 1) + 1
  const to = text.indexOf('\n', end) < 0 ? text.length : text.indexOf('\n', end)
  const lines = text.slice(from, to).split('\n')
  const listed = lines.every((line) => line.startsWith('- '))
  const changed = lines.map((line) => (listed ? line.slice(2) : `- ${line}`)).join('\n')
  const by = changed.length - (to - from)
  return {
    text: text.slice(0, from) + changed + text.slice(to),
    start: Math.max(from, start + (listed ? -2 : 2)),
    end: end + by,
  }
}

/** Makes a link of what is marked; the address is marked then, to be written over. Pure. */
export function linkTo({ text, start, end }: Marked): Marked {
  const words = text.slice(start, end)
  const address = 'https://'
  const at = start + words.length + 3
  return {
    text: `${text.slice(0, start)}[${words}](${address})${text.slice(end)}`,
    start: at,
    end: at + address.length,
  }
}

export type Asked = { sign: '/' | '@'; words: string; from: number; to: number }

/** What is asked for where the cursor stands: `/rec` a macro, `@maj` a member. Pure. */
export function askedAt(text: string, cursor: number): Asked | undefined {
  const found = /(?:^|\s)([/@])([\p{L}\p{N}.'-]*(?: [\p{L}\p{N}.'-]+)?)$/u.exec(text.slice(0, cursor))
  if (!found) return undefined
  const words = found[2] ?? ''
  return { sign: found[1] as '/' | '@', words, from: cursor - words.length - 1, to: cursor }
}

/** Puts something in the place of what was asked for. Pure. */
export function replaceAsked(text: string, { from, to }: Asked, by: string): Marked {
  const at = from + by.length
  return { text: text.slice(0, from) + by + text.slice(to), start: at, end: at }
}

/** What was typed into a text since, wherever. Pure. */
export function addedTo(before: string, now: string): string {
  const most = Math.min(before.length, now.length)
  let start = 0
  while (start < most && before[start] === now[start]) start++
  let end = 0
  while (end < most - start && before.at(-1 - end) === now.at(-1 - end)) end++
  return now.slice(start, now.length - end)
}
