import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvLine } from './csv.ts'

test('cells are quoted where they must be, and only there', () => {
  assert.equal(
    csvLine(['plain', 'a,b', 'say "no"', 'two\nlines', '', null, 0.5, -3, true]),
    'plain,"a,b","say ""no""","two\nlines",,,0.5,-3,true\r\n',
  )
})

test('text that a spreadsheet would run is disarmed; numbers are not', () => {
  assert.equal(
    csvLine(['=1+1', '+386 1', '-cmd', '@SUM(A1)', '\tx', '\r=1', -1]),
    `'=1+1,'+386 1,'-cmd,'@SUM(A1),'\tx,"'\r=1",-1\r\n`,
  )
})
