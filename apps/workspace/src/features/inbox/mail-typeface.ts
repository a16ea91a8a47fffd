import latinExt from '@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2?url'
import latin from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'

const parts = [
  [latin, 'U+0000-00FF, U+2000-206F, U+20AC, U+2122'],
  [latinExt, 'U+0100-02BA, U+1E00-1EFF, U+20A0-20AB, U+20AD-20C0'],
] as const

/** Gives a page in a frame the typeface of the screens, where it asks for it: a page has only fonts of its own. */
export function lendTypeface({ contentWindow, contentDocument }: HTMLIFrameElement): void {
  const { FontFace: Face } = contentWindow as typeof window
  for (const [url, unicodeRange] of parts)
    contentDocument?.fonts.add(new Face('Inter Variable', `url(${url})`, { weight: '100 900', unicodeRange }))
}
