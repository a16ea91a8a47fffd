import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deviceName } from './devices.ts'

test('browsers that pretend to be others are told apart', () => {
  const edge =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0'
  const safari =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1'
  assert.equal(deviceName(edge), 'Edge, Windows')
  assert.equal(deviceName(safari), 'Safari, iOS')
  assert.equal(deviceName('curl/8'), undefined)
})
