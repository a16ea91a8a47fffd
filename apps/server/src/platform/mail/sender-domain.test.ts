import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSenderDomain, type ResolveTxt } from './sender-domain.ts'

const publicKey = 'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ'
const sender = {
  domain: 'mail.shop.example',
  returnDomain: 'mail.shop.example',
  signing: { selector: 'lahko', publicKey },
}

/** A name server with these records and no others; `down` names get no answer, `gone` ones are not there at all. */
function dns(
  records: Record<string, string[]>,
  down: readonly string[] = [],
  gone: readonly string[] = [],
): ResolveTxt {
  return async (name) => {
    if (down.includes(name)) throw Object.assign(new Error(name), { code: 'ETIMEOUT' })
    const found = records[name]
    const isGone = gone.some((one) => name === one || name.endsWith(`.${one}`))
    if (!found) throw Object.assign(new Error(name), { code: isGone ? 'ENOTFOUND' : 'ENODATA' })
    // As DNS does it: pieces of at most 255 bytes.
    return found.map((record) => record.match(/.{1,20}/g) ?? [])
  }
}

test('a domain that is ready has all three, the policy of its organisation included', async () => {
  const checks = await checkSenderDomain(
    dns({
      'mail.shop.example': ['google-site-verification=x', 'v=spf1 include:_spf.relay.example -all'],
      'lahko._domainkey.mail.shop.example': [`v=DKIM1; k=rsa; p=${publicKey}`],
      '_dmarc.shop.example': ['v=DMARC1; p=quarantine'],
    }),
    sender,
  )
  assert.deepEqual(
    [checks.spf, checks.dkim, checks.dmarc].map(({ state }) => state),
    ['ok', 'ok', 'ok'],
  )
  assert.equal(checks.dmarc.found, 'v=DMARC1; p=quarantine')
})

test('what is missing is said with the record that would be right', async () => {
  const { spf, dkim, dmarc } = await checkSenderDomain(dns({}), sender)
  assert.deepEqual(spf, { state: 'missing', add: { name: 'mail.shop.example', value: 'v=spf1 mx ~all' } })
  assert.deepEqual(dkim.add, {
    name: 'lahko._domainkey.mail.shop.example',
    value: `v=DKIM1; k=rsa; p=${publicKey}`,
  })
  assert.deepEqual([dmarc.state, dmarc.add?.name], ['missing', '_dmarc.mail.shop.example'])
})

test('a domain that does not exist is no missing record', async () => {
  const gone = await checkSenderDomain(dns({}, [], ['shop.example']), sender)
  const noDomain = { state: 'wrong', problem: 'no_domain' }
  assert.deepEqual([gone.spf, gone.dkim, gone.dmarc], [noDomain, noDomain, noDomain])
  const elsewhere = { ...sender, returnDomain: 'returns.example' }
  const half = await checkSenderDomain(dns({}, [], ['returns.example']), elsewhere)
  assert.deepEqual([half.spf.problem, half.dkim.state, half.dmarc.state], ['no_domain', 'missing', 'missing'])
})

test('records that harm are wrong, each by its name', async () => {
  const of = async (records: Record<string, string[]>) => checkSenderDomain(dns(records), sender)
  const twice = await of({ 'mail.shop.example': ['v=spf1 mx -all', 'v=spf1 a -all'] })
  assert.deepEqual([twice.spf.state, twice.spf.problem], ['wrong', 'several'])
  for (const others of ['mx', 'include:_spf.smallisp.example']) {
    for (const all of ['+all', 'all', 'ALL']) {
      const { spf } = await of({ 'mail.shop.example': [`v=spf1 ${others} ${all}`] })
      assert.deepEqual([spf.problem, spf.add?.value], ['open_to_all', `v=spf1 ${others} ~all`])
    }
  }
  const other = await of({ 'lahko._domainkey.mail.shop.example': ['v=DKIM1; p=AAAA'] })
  assert.equal(other.dkim.problem, 'other_key')
  const revoked = await of({ 'lahko._domainkey.mail.shop.example': ['v=DKIM1; p='] })
  assert.equal(revoked.dkim.problem, 'revoked')
  const aimless = await of({ '_dmarc.mail.shop.example': ['v=DMARC1; rua=mailto:x@shop.example'] })
  assert.equal(aimless.dmarc.problem, 'no_policy')
})

test('an allow-list that ends in -all or ?all is as its owner wants it', async () => {
  for (const ending of ['-all', '~all', '?all', 'redirect=_spf.shop.example']) {
    const { spf } = await checkSenderDomain(dns({ 'mail.shop.example': [`v=spf1 mx ${ending}`] }), sender)
    assert.equal(spf.state, 'ok', ending)
  }
})

test('a name server that does not answer makes nothing wrong', async () => {
  const checks = await checkSenderDomain(
    dns({}, ['mail.shop.example', 'lahko._domainkey.mail.shop.example', '_dmarc.mail.shop.example']),
    sender,
  )
  assert.deepEqual(
    [checks.spf, checks.dkim, checks.dmarc].map(({ state }) => state),
    ['unknown', 'unknown', 'unknown'],
  )
})

test('without a key nothing is signed, and no key is looked for', async () => {
  const { dkim } = await checkSenderDomain(dns({}), { domain: 'shop.example', returnDomain: 'shop.example' })
  assert.deepEqual(dkim, { state: 'off' })
})

test('SPF is judged by the domain of the return address, and what is missing is to be added there', async () => {
  const returning = { domain: 'shop.example', returnDomain: 'returns.example' }
  const onlyFrom = await checkSenderDomain(dns({ 'shop.example': ['v=spf1 mx -all'] }), returning)
  assert.deepEqual(onlyFrom.spf, {
    state: 'missing',
    add: { name: 'returns.example', value: 'v=spf1 mx:shop.example ~all' },
  })
  const there = await checkSenderDomain(dns({ 'returns.example': ['v=spf1 mx -all'] }), returning)
  assert.deepEqual([there.spf.state, there.returnDomain, there.aligned], ['ok', 'returns.example', false])
})

test('SPF speaks for From where DMARC takes both domains for one organisation', async () => {
  const policy = ['v=DMARC1; p=reject']
  const cases: [from: string, returns: string, records: Record<string, string[]>, aligned: boolean][] = [
    ['shop.example', 'shop.example', {}, true],
    ['shop.example', 'returns.shop.example', {}, true],
    ['mail.shop.example', 'shop.example', {}, true],
    ['mail.shop.example', 'returns.shop.example', { '_dmarc.shop.example': policy }, true],
    ['mail.shop.example', 'returns.shop.example', {}, false],
    ['a.co.example', 'b.co.example', { '_dmarc.co.example': ['v=DMARC1; p=reject; psd=y'] }, false],
    ['shop.example', 'returns.shop.example', { '_dmarc.shop.example': ['v=DMARC1; p=reject; aspf=s'] }, false],
    ['shop.example', 'shop.example', { '_dmarc.shop.example': ['v=DMARC1; p=reject; aspf=s'] }, true],
    ['shop.example', 'myshop.example', {}, false],
    ['shop.example', 'shop.test', {}, false],
  ]
  for (const [domain, returnDomain, records, aligned] of cases) {
    const checks = await checkSenderDomain(dns(records), { domain, returnDomain })
    assert.equal(checks.aligned, aligned, `${domain} ${returnDomain}`)
  }
  const siblings = { domain: 'a.shop.example', returnDomain: 'b.shop.example' }
  assert.equal((await checkSenderDomain(dns({}, ['_dmarc.shop.example']), siblings)).aligned, null)
})
