/** A text as its reader would get it, with examples in the place of what is known. Pure. */
export function filled(text: string, known: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{([a-z][a-z0-9_.]*)(?:\|([^{}|]*))?\}/g, (whole, name: string, instead?: string) => {
    return known[name] ?? (instead ?? whole).trim()
  })
}
