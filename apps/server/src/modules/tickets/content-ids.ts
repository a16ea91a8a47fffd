/** The names of pictures that came with a mail and stand in it. Pure. @param html cleaned: attributes in double quotes */
export function contentIdsIn(html: string): Set<string> {
  return new Set([...html.matchAll(/\bsrc="cid:([^"]*)"/gi)].map(([, name]) => plainContentId(name!)))
}

/** A name as the part has it that it stands for. */
export function plainContentId(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('&amp;', '&'))
  } catch {
    return name
  }
}
