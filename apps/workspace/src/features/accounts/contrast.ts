/** Contrast of the company's accent, as WCAG 2.2 reckons it, from the two numbers that a workspace chooses. */

type Rgb = readonly [number, number, number]

/** OKLCH to linear sRGB (Ottosson 2020), with what lies outside the gamut cut off, as screens do. */
function linear(lightness: number, chroma: number, hueDegrees: number): Rgb {
  const hue = (hueDegrees * Math.PI) / 180
  const a = chroma * Math.cos(hue)
  const b = chroma * Math.sin(hue)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const within = (value: number) => Math.min(1, Math.max(0, value))
  return [
    within(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    within(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    within(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function ratio(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return ((light ?? 1) + 0.05) / ((dark ?? 0) + 0.05)
}

/**
 * The text on the accent against the accent, light theme and dark. The lightnesses are those of `tokens.css`.
 * @param hue degrees; @param chroma 0–0.16
 */
export function accentContrast(hue: number, chroma: number): { light: number; dark: number } {
  return {
    light: ratio(linear(0.45, chroma, hue), linear(1, 0, 0)),
    dark: ratio(linear(0.76, chroma * 0.9, hue), linear(0.178, 0.004, 75)),
  }
}
