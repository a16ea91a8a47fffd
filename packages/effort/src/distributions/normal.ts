/** Φ(x), the standard normal distribution function. Its upper tail is Φ(−x). */
export function normalCdf(x: number): number {
  const size = Math.abs(x)
  if (size < 3) return 0.5 + Math.sign(x) * centralArea(size)
  const tail = upperTail(size)
  return x < 0 ? tail : 1 - tail
}

function density(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
}

/** Φ(x) − ½ for 0 ≤ x < 3 by the series of positive terms (Abramowitz & Stegun 26.2.11). */
function centralArea(x: number): number {
  let term = x
  let sum = x
  for (let k = 3; term > sum * 1e-17; k += 2) {
    term *= (x * x) / k
    sum += term
  }
  return density(x) * sum
}

/** 1 − Φ(x) for x ≥ 3 by the continued fraction (Abramowitz & Stegun 26.2.14), evaluated from its far end. */
function upperTail(x: number): number {
  let fraction = x
  for (let k = 100; k >= 1; k--) fraction = x + k / fraction
  return density(x) / fraction
}

/** The x with Φ(x) = p. Wichura (1988), algorithm AS 241, PPND16: about 16 digits. */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity
  if (p >= 1) return Infinity
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (q * polynomial(r, centre)) / polynomial(r, underCentre)
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  const size =
    r <= 5
      ? polynomial(r - 1.6, shoulder) / polynomial(r - 1.6, underShoulder)
      : polynomial(r - 5, tail) / polynomial(r - 5, underTail)
  return q < 0 ? -size : size
}

function polynomial(x: number, coefficients: readonly number[]): number {
  let value = 0
  for (let k = coefficients.length - 1; k >= 0; k--) value = value * x + coefficients[k]!
  return value
}

const centre = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
]
const underCentre = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852854,
]
const shoulder = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
]
const underShoulder = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
]
const tail = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
]
const underTail = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 1.8463183175100548e-5,
  1.421511758316446e-7, 2.0442631033899397e-15,
]
