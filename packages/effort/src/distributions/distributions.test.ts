import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { betaQuantile, incompleteBeta, logBeta } from './beta.ts'
import { binomialCdf, binomialQuantile } from './binomial.ts'
import { chiSquareCdf, chiSquareTail } from './chi-square.ts'
import { fCdf, fTail } from './f.ts'
import { digamma, logGamma, lowerGamma, trigamma, upperGamma } from './gamma.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { criticalT, studentCdf, studentQuantile, twoSidedP } from './student-t.ts'

// The reference values were worked out with mpmath 1.3 at 30 digits, except where a table is named.

/** Equal to 1e-10, relative to the size of what is expected. */
function close(actual: number, expected: number, what: string): void {
  const scale = Math.abs(expected) > 0 ? Math.abs(expected) : 1
  assert.ok(Math.abs(actual - expected) <= 1e-10 * scale, `${what}: ${actual} instead of ${expected}`)
}

test('log gamma and its two derivatives', () => {
  const logs = [
    [0.001, 6.907178885383853],
    [0.5, 0.5723649429247001],
    [1.5, -0.12078223763524522],
    [3.7, 1.4280723266653879],
    [12, 17.502307845873887],
    [100.25, 360.28455963776423],
    [1e6, 12815504.569147613],
  ] as const
  for (const [x, expected] of logs) close(logGamma(x), expected, `logGamma(${x})`)
  const digammas = [
    [0.1, -10.423754940411078],
    [1, -0.5772156649015329],
    [7.3, 1.9178203356379862],
    [250, 5.519459584531046],
  ] as const
  for (const [x, expected] of digammas) close(digamma(x), expected, `digamma(${x})`)
  const trigammas = [
    [0.1, 101.43329915079276],
    [1, Math.PI ** 2 / 6],
    [7.3, 0.1467957681314271],
    [250, 0.004008010666632534],
  ] as const
  for (const [x, expected] of trigammas) close(trigamma(x), expected, `trigamma(${x})`)
  close(logBeta(2, 3), Math.log(1 / 12), 'logBeta(2, 3)')
})

test('incomplete gamma function', () => {
  const table = [
    [0.5, 1, 0.15729920705028513],
    [3, 2.5, 0.5438131158833295],
    [50, 60, 0.08440668109369183],
    [5000, 5100, 0.07932888107761897],
    [0.1, 5, 0.000143938965846734],
  ] as const
  for (const [a, x, expected] of table) {
    close(upperGamma(a, x), expected, `Q(${a}, ${x})`)
    close(lowerGamma(a, x), 1 - expected, `P(${a}, ${x})`)
  }
  assert.equal(upperGamma(2, 0), 1)
  assert.equal(lowerGamma(2, Infinity), 1)
})

test('incomplete beta function, large and tiny arguments included', () => {
  const table = [
    [0.5, 2, 3, 0.6875],
    [0.1, 0.5, 0.5, 0.20483276469913345],
    [0.99, 10, 0.25, 0.3962455737334097],
    [0.3, 30, 70, 0.5116251045586092],
    [0.00001, 0.5, 10000.5, 0.3452839970439821],
    [0.502, 50000, 50000, 0.8970487347555719],
    [0.01, 0.02, 5, 0.9498064385682461],
  ] as const
  for (const [x, a, b, expected] of table) close(incompleteBeta(x, a, b), expected, `I(${x}; ${a}, ${b})`)
  assert.equal(incompleteBeta(0, 2, 3), 0)
  assert.equal(incompleteBeta(1, 2, 3), 1)
})

test('inverse of the incomplete beta function', () => {
  const table = [
    [0.025, 3, 8, 0.06673951117773447],
    [0.5, 0.5, 0.5, 0.5],
    [0.975, 120, 30, 0.8598406600545994],
    [0.9, 0.3, 4, 0.21437381408414777],
    [0.025, 50000, 30000, 0.6216423318958202],
  ] as const
  for (const [p, a, b, expected] of table) close(betaQuantile(p, a, b), expected, `quantile ${p} of Beta(${a}, ${b})`)
})

test('normal distribution', () => {
  const table = [
    [-8, 6.220960574271784e-16],
    [-3.5, 0.00023262907903552504],
    [-3, 0.0013498980316300946],
    [-1.96, 0.024997895148220435],
    [0, 0.5],
    [0.1, 0.539827837277029],
    [1, 0.8413447460685429],
    [2.999, 0.9986456634662729],
    [4, 0.9999683287581669],
  ] as const
  for (const [x, expected] of table) close(normalCdf(x), expected, `Φ(${x})`)
  const quantiles = [
    [1e-10, -6.361340902404057],
    [0.00135, -2.999976992703393],
    [0.025, -1.9599639845400543],
    [0.3, -0.5244005127080408],
    [0.5, 0],
    [0.975, 1.9599639845400543],
    [0.99865, 2.999976992703393],
  ] as const
  for (const [p, expected] of quantiles) close(normalQuantile(p), expected, `Φ⁻¹(${p})`)
  assert.equal(normalQuantile(0), -Infinity)
  assert.equal(normalQuantile(1), Infinity)
})

test("Student's t, fractional degrees of freedom included", () => {
  const table = [
    [-2, 5, 0.05096973941492918],
    [1, 1, 0.75],
    [-2.5, 0.7, 0.1598521813406369],
    [-4, 30, 0.00019092281804187843],
    [-3, 1e6, 0.0013499312707108985],
    [0.3, 12.5, 0.6154461280157327],
  ] as const
  for (const [t, df, expected] of table) close(studentCdf(t, df), expected, `t ${t}, df ${df}`)
  const quantiles = [
    [0.975, 10, 2.228138851986275],
    [0.975, 4, 2.7764451051977943],
    [0.995, 2, 9.924843200918293],
    [0.95, 1, 6.313751514675043],
    [0.00001, 7, -10.10268425296758],
    [0.975, 0.5, 164.55767348048852],
    [0.975, 1.3, 7.5005293255620336],
    [0.999999, 100, 5.048830877228346],
    [0.975, 123456.5, 1.9599832001673623],
  ] as const
  for (const [p, df, expected] of quantiles) close(studentQuantile(p, df), expected, `t⁻¹(${p}), df ${df}`)
  assert.equal(studentQuantile(0.5, 3), 0)
  assert.equal(twoSidedP(Infinity, 3), 0)
})

test('chi-square and F', () => {
  close(chiSquareTail(3.841458820694124, 1), 0.05, 'chi-square, 1 df')
  close(chiSquareTail(5, 3), 0.17179714429673315, 'chi-square, 3 df')
  close(chiSquareTail(150, 100), 0.0009039320423540091, 'chi-square, 100 df')
  close(chiSquareTail(10202.644865765198, 9999), 0.075628844279689, 'chi-square, 9999 df')
  close(chiSquareCdf(5, 3), 1 - 0.17179714429673315, 'chi-square cdf')
  close(fTail(4.96460274, 1, 10), 0.05000000007096787, 'F 1, 10')
  close(fTail(2.5, 3, 17.4), 0.09345187325551041, 'F 3, 17.4')
  close(fTail(1.1, 200, 500), 0.20406615890923, 'F 200, 500')
  close(fTail(0.4, 5, 3), 0.8260723420634901, 'F 5, 3')
  close(fCdf(2.5, 3, 17.4), 1 - 0.09345187325551041, 'F cdf')
})

test('binomial distribution and quantile', () => {
  close(binomialCdf(11, 40, 0.37), 0.13922764542257207, 'P(X ≤ 11) of 40 at 0.37')
  const quantiles = [
    [0.00135, 30, 0.8, 17],
    [0.99865, 30, 0.8, 29],
    [0.00135, 500, 0.05, 12],
    [0.99865, 500, 0.05, 41],
    [0.5, 1_000_000, 0.3, 300_000],
    [0.00135, 1_000_000, 0.3, 298_626],
    [0.99865, 5, 0.01, 1],
    [0.00135, 7, 0.99, 5],
    [0.3, 9, 0, 0],
    [0.3, 9, 1, 9],
  ] as const
  for (const [p, n, share, expected] of quantiles) assert.equal(binomialQuantile(p, n, share), expected)
})

test('the binomial quantile is the first count that reaches p', () => {
  const p = fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true })
  const share = fc.double({ min: 0.001, max: 0.999, noNaN: true })
  fc.assert(
    fc.property(p, fc.integer({ min: 1, max: 3000 }), share, (wanted, n, chance) => {
      const k = binomialQuantile(wanted, n, chance)
      assert.ok(binomialCdf(k, n, chance) >= wanted)
      assert.ok(k === 0 || binomialCdf(k - 1, n, chance) < wanted)
    }),
  )
})

test('quantiles and distribution functions undo each other', () => {
  const p = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true })
  const size = fc.double({ min: 0.3, max: 5000, noNaN: true })
  fc.assert(
    fc.property(p, size, size, (wanted, a, b) => {
      close(normalCdf(normalQuantile(wanted)), wanted, 'normal')
      close(studentCdf(studentQuantile(wanted, a), a), wanted, `t with df ${a}`)
      // A double next to 1 is 1e-16 away; where Beta is steep there, that is more than 1e-10 in p.
      const x = betaQuantile(wanted, a, b + 1)
      assert.ok(Math.abs(incompleteBeta(x, a, b + 1) - wanted) < 1e-10, `Beta(${a}, ${b + 1}) at ${wanted}`)
    }),
  )
})

test('the beta function has its known symmetry, and t its two closed forms', () => {
  const share = fc.double({ min: 0.01, max: 0.99, noNaN: true })
  const size = fc.double({ min: 0.1, max: 2000, noNaN: true })
  fc.assert(
    fc.property(share, size, size, (x, a, b) => {
      const sum = incompleteBeta(x, a, b) + incompleteBeta(1 - x, b, a, x)
      assert.ok(Math.abs(sum - 1) < 1e-12)
      close(criticalT(x, 1), Math.tan((Math.PI * (1 - x)) / 2), 'Cauchy')
      close(twoSidedP(criticalT(x, 2), 2), x, 't with 2 df')
    }),
  )
})
