export type DataPicture = { mediaType: string; content: Buffer; contentId: string }

/** In letters of base64. Smaller ones are signs and lines, which may stay where they are. */
const worthAFile = 8_000
const begin = /\bsrc\s{0,20}=\s{0,20}(["']?)\s{0,20}data:image\/(png|jpe?g|gif|webp);base64,/gi

/** Takes the pictures out that stand in HTML as text; their names stand in their place. Pure, linear. */
export function takeDataPictures(html: string): { html: string; pictures: DataPicture[] } {
  const pictures: DataPicture[] = []
  const kept: string[] = []
  let done = 0
  for (const match of html.matchAll(begin)) {
    const [opening, quote = '', type = ''] = match
    const start = match.index + opening.length
    const end = endOf(html, start, quote)
    if (start < done || end - start < worthAFile) continue
    const contentId = `picture-${pictures.length + 1}@data.invalid`
    const mediaType = `image/${type.toLowerCase().replace('jpg', 'jpeg')}`
    pictures.push({ mediaType, content: Buffer.from(html.slice(start, end), 'base64'), contentId })
    kept.push(html.slice(done, match.index), `src=${quote}cid:${contentId}`)
    done = end
  }
  return { html: kept.join('') + html.slice(done), pictures }
}

function endOf(html: string, start: number, quote: string): number {
  const after = quote === '' ? /[^\w+/=-]/g : /[^\w+/=\s-]/g
  after.lastIndex = start
  return after.exec(html)?.index ?? html.length
}
