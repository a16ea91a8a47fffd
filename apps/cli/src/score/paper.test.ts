import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnsOf, fitted, inStep, widthOf } from './paper.ts'
import { createProgress, progressLine } from './progress.ts'
import { differenceText, fixed, intervalText, levelText, valueText } from './words.ts'

test('colours only where they are wanted', () => {
  assert.equal(inStep('x', 1, { width: 80, colour: false }), 'x')
  assert.equal(inStep('x', 1, { width: 80, colour: true }), '\x1b[38;5;130mx\x1b[39m')
})

test('texts are measured and cut by what a terminal shows', () => {
  assert.equal(widthOf('čas'), 3)
  assert.equal(widthOf('c\u030cas'), 3)
  assert.equal(widthOf('時間'), 4)
  assert.equal(fitted('storefront', 6), 'store…')
  assert.equal(fitted('a\x1b[2Jb\n', 10), 'a [2Jb ')
  assert.deepEqual(
    columnsOf(
      [
        ['a', '1'],
        ['čas', '10'],
      ],
      [1],
    ),
    ['a     1', 'čas  10'],
  )
})

test('numbers are rounded once, half away from zero', () => {
  assert.equal(fixed(0.125, 2), '0.13')
  assert.equal(fixed(-0.125, 2), '−0.13')
  assert.equal(fixed(-0.001, 2), '0.00')
  assert.equal(valueText('netEase', 0.4055), '+40.6')
  assert.equal(valueText('netEase', -0.0001), '0.0')
  assert.equal(valueText('easyShare', null), '–')
  assert.equal(differenceText('mean', 0.414), '+0.41')
  assert.equal(intervalText('easyShare', 0.5, 0.6), '50.0 – 60.0 %')
  assert.equal(intervalText('mean', null, null), 'no interval')
  assert.equal(levelText(0.95), '95 %')
  assert.equal(levelText(1 - 0.05 / 3), '98.3333 %')
})

test('the progress bar is for terminals, and is taken away', () => {
  let clock = 0
  const now = (): number => (clock += 1000)
  const paintedBy = (screen: { isTTY?: boolean }): string => {
    let painted = ''
    const progress = createProgress({ ...screen, write: (text) => (painted += text) }, 100, now)
    progress.read(50)
    progress.end()
    return painted
  }
  assert.equal(paintedBy({}), '')
  const [, bar, end] = paintedBy({ isTTY: true }).split('\r\x1b[2K')
  assert.match(bar!, /^█{12}░{12} 50 % of 0\.0 MB, \d s left$/)
  assert.equal(end, '')
  assert.equal(progressLine(5e6, null, 1), '5.0 MB read')
})
