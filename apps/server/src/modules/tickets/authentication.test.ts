import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAuthentication } from './authentication.ts'

const from = 'ana@shop.example'
const aligned: Record<string, [string[], boolean | undefined]> = {
  'a pass of DMARC': [['mx.own.example; dmarc=pass header.from=shop.example'], true],
  'a signature of the domain': [['mx.own.example 1; dkim=pass (2048 bit) header.d=shop.example header.s=x'], true],
  'an identity of the domain': [['mx.own.example; dkim=pass header.i=@shop.example'], true],
  'the envelope of the domain': [['mx.own.example; spf=pass smtp.mailfrom=bounce@shop.example'], true],
  'a signature of another domain': [['mx.own.example; dkim=pass header.d=evil.example'], false],
  'a domain that only ends alike': [['mx.own.example; dkim=pass header.d=notshop.example'], false],
  'a failure': [['mx.own.example; dmarc=fail header.from=shop.example; spf=softfail'], false],
  'nothing tried': [['mx.own.example; none'], false],
  'a server that is not ours': [['mx.evil.example; dmarc=pass header.from=shop.example'], undefined],
  'a server whose name begins alike': [['mx.own.example.evil.example; dmarc=pass header.from=shop.example'], undefined],
  'ours below theirs': [['mx.evil.example; dmarc=pass', 'mx.own.example; dmarc=fail'], false],
  'a forged one below ours': [
    ['mx.own.example; dmarc=fail', 'mx.own.example; dmarc=pass header.from=shop.example'],
    false,
  ],
  'a result in a comment': [['mx.own.example; dkim=fail (; dmarc=pass header.from=shop.example )'], false],
  'a result in a reason': [['mx.own.example; dkim=fail reason="; dmarc=pass header.from=shop.example"'], false],
  'a result in a quoted local part': [
    ['mx.own.example; spf=pass smtp.mailfrom="x; dmarc=pass header.from=shop.example; y"@evil.example'],
    false,
  ],
  'a result behind an escaped quote': [
    [String.raw`mx.own.example; spf=pass smtp.mailfrom="\"; dmarc=pass header.from=shop.example "@evil.example`],
    false,
  ],
  'a property in a quoted local part': [
    ['mx.own.example; dkim=pass header.i="x header.d=shop.example "@evil.example header.s=a'],
    false,
  ],
  'a result behind a comment with a quote': [
    ['mx.own.example; dkim=fail ("); dmarc=pass header.from=shop.example'],
    true,
  ],
  'a result behind an escaped parenthesis': [
    [String.raw`mx.own.example; dkim=fail (a \) ; dmarc=pass header.from=shop.example )`],
    false,
  ],
  'a quoted domain': [['mx.own.example; dmarc=pass (p=none) header.from="shop.example"'], true],
}
for (const [name, [values, wanted]] of Object.entries(aligned)) {
  test(`${name}: ${wanted ? 'speaks for the sender' : 'does not'}`, () => {
    assert.equal(readAuthentication(values, 'mx.own.example', from)?.aligned, wanted)
  })
}

test('nobody is believed when no server is named, and a mail without a sender proves nothing', () => {
  const values = ['mx.own.example; dmarc=pass header.from=shop.example']
  assert.equal(readAuthentication(values, null, from), undefined)
  assert.equal(readAuthentication(values, 'mx.own.example', ''), undefined)
})

test('what is shown is what was found', () => {
  const values = ['mx.own.example; spf=softfail smtp.mailfrom=x.example; dkim=fail header.d=a; dkim=pass header.d=b']
  const { shown } = readAuthentication(values, 'mx.own.example', from)!
  assert.deepEqual(shown, { spf: 'softfail', dkim: 'pass', dmarc: null })
})
