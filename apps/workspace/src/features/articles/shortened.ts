const around = 160

/** The ends of a long text that did not change, as far as they help to find what did. Pure. */
export function shortened(text: string, edge?: 'first' | 'last'): string {
  if (text.length <= around * 2.5) return text
  const head = edge === 'first' ? '' : text.slice(0, text.lastIndexOf(' ', around))
  const tail = edge === 'last' ? '' : text.slice(text.indexOf(' ', text.length - around))
  return `${head} […] ${tail}`
}
