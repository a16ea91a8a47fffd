/** The lightness of an accent that stands out on white and on dark paper alike. */
const lightness = 0.56

/** A company's colour as mail programs know colours: OKLCH (Björn Ottosson, 2020) to sRGB, cut off at its borders. */
export function mailColour({ hue, chroma }: { hue: number; chroma: number }): string {
  const angle = (hue * Math.PI) / 180
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
  return `#${linear
    .map((part) =>
      Math.round(255 * encoded(part))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}

/** The transfer curve of sRGB (IEC 61966-2-1). */
function encoded(linear: number): number {
  const cut = Math.min(1, Math.max(0, linear))
  return cut <= 0.0031308 ? 12.92 * cut : 1.055 * cut ** (1 / 2.4) - 0.055
}
