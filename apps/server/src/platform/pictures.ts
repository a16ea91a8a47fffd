import { pictureType } from './picture-types.ts'
import { invalidField, Problem } from './problem.ts'
import { turns } from './turns.ts'

/** A picture as pages show it: WebP without anything that its camera wrote into it. */
export type EncodedPicture = {
  content: Buffer
  width: number
  height: number
  /** The same for small screens; undefined where it is hardly wider, or moves. */
  narrow?: Buffer
}

/** The largest picture that is taken, in bytes and, all its frames together, in pixels. */
export const mostBytesOfPicture = 10 * 2 ** 20
const mostPixels = 50_000_000
/** Twice the width of the widest column, so that it is sharp on every screen; WebP itself ends at 16,383. */
const most = { width: 1600, height: 8000 }
const patienceSeconds = 30
/** The column on a phone, sharp; what is less wide than `leastToNarrow` stays as it is. */
export const narrowWidth = 800
const leastToNarrow = 1000

/** Pixels take much memory, so it is one picture after the other. */
const inTurn = turns(1)

/**
 * Draws a picture anew: nothing but its pixels survives, so that what hides in a file does not reach a browser.
 * @param field where it stands in what was sent
 * @throws Problem invalid `pictures.too_large`, `pictures.kind` for all but PNG, JPEG, GIF and WebP, `pictures.too_many_pixels`, `pictures.broken`
 */
export async function encodePicture(content: Buffer, field = '/body'): Promise<EncodedPicture> {
  if (content.length > mostBytesOfPicture) {
    throw invalidField(field, 'pictures.too_large', { megabytes: mostBytesOfPicture / 2 ** 20 })
  }
  // By its first bytes: what a name or a sender says of it is no matter.
  if (pictureType(content) === undefined) throw invalidField(field, 'pictures.kind')
  try {
    return await inTurn(() => draw(content))
  } catch (error) {
    if (error instanceof Problem) throw error
    if (/pixel limit/i.test((error as Error).message)) {
      throw invalidField(field, 'pictures.too_many_pixels', { megapixels: mostPixels / 1e6 })
    }
    throw invalidField(field, 'pictures.broken')
  }
}

async function draw(content: Buffer): Promise<EncodedPicture> {
  // Loaded when the first picture comes: most processes never see one.
  const { default: sharp } = await import('sharp')
  const { pages = 1 } = await sharp(content, { limitInputPixels: mostPixels }).metadata()
  const drawn = sharp(content, { limitInputPixels: mostPixels, animated: pages > 1, failOn: 'error' })
  // As it was held; what says so is dropped with the rest. Frames of a film are never turned.
  const upright = pages > 1 ? drawn : drawn.autoOrient()
  const { data, info } = await upright
    .resize({ ...most, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 85, smartSubsample: true })
    .timeout({ seconds: patienceSeconds })
    .toBuffer({ resolveWithObject: true })
  const narrow = pages > 1 || info.width < leastToNarrow ? undefined : await narrowed(data)
  return { content: data, width: info.width, height: info.pageHeight ?? info.height, ...(narrow && { narrow }) }
}

async function narrowed(content: Buffer): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  return sharp(content)
    .resize({ width: narrowWidth })
    .webp({ quality: 80, smartSubsample: true })
    .timeout({ seconds: patienceSeconds })
    .toBuffer()
}
