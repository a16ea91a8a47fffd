import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPublic } from './networks.ts'

const cases: Record<string, boolean> = {
  '8.8.8.8': true,
  '193.2.1.66': true,
  '2a00:ee2::1': true,
  '2001:67c:2e8::1': true,
  '0.0.0.0': false,
  '10.1.2.3': false,
  '100.64.0.1': false,
  '127.0.0.1': false,
  '127.9.9.9': false,
  '169.254.169.254': false,
  '172.16.0.1': false,
  '192.168.1.1': false,
  '192.0.2.1': false,
  '198.18.0.1': false,
  '224.0.0.1': false,
  '255.255.255.255': false,
  '::': false,
  '::1': false,
  '::ffff:127.0.0.1': false,
  '::ffff:8.8.8.8': false,
  '64:ff9b::a00:1': false,
  'fc00::1': false,
  'fe80::1': false,
  'fe80::1%eth0': false,
  'ff02::1': false,
  '2001::1': false,
  '2001:db8::1': false,
  '2002:7f00:1::': false,
  localhost: false,
  '': false,
}
for (const [address, isIt] of Object.entries(cases))
  test(`“${address}” is ${isIt ? '' : 'not '}a machine of the public Internet`, () => {
    assert.equal(isPublic(address), isIt)
  })
