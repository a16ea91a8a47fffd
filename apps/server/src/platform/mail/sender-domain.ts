import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { MailConfig } from '../../config.ts'

/** The TXT records of a name, each in its pieces, as `dns.resolveTxt` gives them. */
export type ResolveTxt = (name: string) => Promise<string[][]>

/** A record that is to be added or put in the place of what was found. */
export type WantedRecord = { name: string; value: string }

export type RecordCheck = {
  /** `unknown`: the name server did not answer. `off`: nothing is signed, so that nothing is looked for. */
  state: 'ok' | 'missing' | 'wrong' | 'unknown' | 'off'
  /** Names what is wrong, for a sentence. `no_domain`: there is no such domain to which a record could be added. */
  problem?: 'several' | 'open_to_all' | 'other_key' | 'revoked' | 'no_policy' | 'no_domain'
  /** As it stands in the DNS. */
  found?: string
  add?: WantedRecord
}

export type SenderDomain = {
  /** Of the address in From. */
  domain: string
  /** Of the return address, by which SPF is judged. */
  returnDomain: string
  /** Where the public key of DKIM stands, and the key in base64; left out when mail is not signed. */
  signing?: { selector: string; publicKey: string }
}

/** The domains that mails come from; undefined while no address is configured. */
export function senderOf({ from, returns, dkimKeyFile, dkimSelector }: MailConfig): SenderDomain | undefined {
  if (from === undefined) return undefined
  const domain = domainOf(from)
  const returnDomain = domainOf(returns?.address ?? from)
  if (dkimKeyFile === undefined) return { domain, returnDomain }
  const key = createPublicKey(readFileSync(dkimKeyFile, 'utf8')).export({ type: 'spki', format: 'der' })
  return { domain, returnDomain, signing: { selector: dkimSelector, publicKey: key.toString('base64') } }
}

function domainOf(address: string): string {
  return address.split('@').at(-1)!.toLowerCase()
}

/** What the DNS says of mail from a domain: SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489). */
export type DomainChecks = {
  returnDomain: string
  /** Whether SPF of the return address speaks for From, as DMARC wants it; null where nobody answered. */
  aligned: boolean | null
  spf: RecordCheck
  dkim: RecordCheck
  dmarc: RecordCheck
}

/** Looks up what other mail servers will look up; never rejects. */
export async function checkSenderDomain(resolve: ResolveTxt, sender: SenderDomain): Promise<DomainChecks> {
  const [spf, dkim, dmarc] = await Promise.all([
    checkSpf(resolve, sender).then((check) => withDomain(resolve, sender.returnDomain, check)),
    checkDkim(resolve, sender).then((check) => withDomain(resolve, sender.domain, check)),
    checkDmarc(resolve, sender.domain).then((check) => withDomain(resolve, sender.domain, check)),
  ])
  const aligned = await isAligned(resolve, sender, tagOf(dmarc.found ?? '', 'aspf').toLowerCase() === 's')
  return { returnDomain: sender.returnDomain, aligned, spf, dkim, dmarc }
}

/** What is missing of a domain that does not exist is the domain. */
async function withDomain(resolve: ResolveTxt, domain: string, check: RecordCheck): Promise<RecordCheck> {
  if (check.state !== 'missing') return check
  try {
    await resolve(domain)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTFOUND') return { state: 'wrong', problem: 'no_domain' }
  }
  return check
}

/**
 * Whether both domains are of one organisation (RFC 7489, 3.1.2): one lies within the other, or a domain above both has
 * a policy. Its list of public suffixes is not kept here: it is old by the time that it is asked.
 */
async function isAligned(
  resolve: ResolveTxt,
  { domain, returnDomain }: SenderDomain,
  strict: boolean,
): Promise<boolean | null> {
  if (domain === returnDomain) return true
  if (strict) return false
  if (domain.endsWith(`.${returnDomain}`) || returnDomain.endsWith(`.${domain}`)) return true
  for (const name of domainsFrom(domain).filter((one) => returnDomain.endsWith(`.${one}`))) {
    const records = await findTexts(resolve, `_dmarc.${name}`, policyForm)
    if (!records) return null
    // A registry's policy makes its customers no organisation.
    if (records.some((record) => tagOf(record, 'psd').toLowerCase() !== 'y')) return true
  }
  return false
}

/**
 * Whether one record names who may send. That it names the right server only a received mail can tell, because the
 * address that a relay sends from is its own affair.
 */
async function checkSpf(resolve: ResolveTxt, { domain, returnDomain }: SenderDomain): Promise<RecordCheck> {
  const records = await findTexts(resolve, returnDomain, /^v=spf1( |$)/i)
  if (!records) return { state: 'unknown' }
  // What comes back elsewhere is taken by another server than the one that sends.
  const senders = domain === returnDomain ? 'mx' : `mx:${domain}`
  const add = { name: returnDomain, value: `v=spf1 ${senders} ~all` }
  const [found] = records
  if (found === undefined) return { state: 'missing', add }
  // More than one is an error for whoever reads them: none counts.
  if (records.length > 1) return { state: 'wrong', problem: 'several', found: records.join('\n'), add }
  if (/(^| )\+?all( |$)/i.test(found)) {
    return {
      state: 'wrong',
      problem: 'open_to_all',
      found,
      add: { name: returnDomain, value: found.replace(/(^| )\+?all(?= |$)/i, '$1~all') },
    }
  }
  return { state: 'ok', found }
}

async function checkDkim(resolve: ResolveTxt, { domain, signing }: SenderDomain): Promise<RecordCheck> {
  if (!signing) return { state: 'off' }
  const name = `${signing.selector}._domainkey.${domain}`
  const records = await findTexts(resolve, name, /(^|;)\s*p=/i)
  if (!records) return { state: 'unknown' }
  const add = { name, value: `v=DKIM1; k=rsa; p=${signing.publicKey}` }
  const [found] = records
  if (found === undefined) return { state: 'missing', add }
  if (records.length > 1) return { state: 'wrong', problem: 'several', found: records.join('\n'), add }
  const key = tagOf(found, 'p').replaceAll(/\s/g, '')
  if (key === signing.publicKey) return { state: 'ok', found }
  return { state: 'wrong', problem: key === '' ? 'revoked' : 'other_key', found, add }
}

/** The policy of the domain, else of the domains above it: a subdomain takes that of its organisation. */
async function checkDmarc(resolve: ResolveTxt, domain: string): Promise<RecordCheck> {
  for (const above of domainsFrom(domain)) {
    const name = `_dmarc.${above}`
    const records = await findTexts(resolve, name, policyForm)
    if (!records) return { state: 'unknown' }
    const [found] = records
    if (found === undefined) continue
    const add = { name, value: `v=DMARC1; p=none; rua=mailto:postmaster@${domain}` }
    if (records.length > 1) return { state: 'wrong', problem: 'several', found: records.join('\n'), add }
    const stated = /^(none|quarantine|reject)$/i.test(tagOf(found, 'p'))
    return stated ? { state: 'ok', found } : { state: 'wrong', problem: 'no_policy', found, add }
  }
  return {
    state: 'missing',
    add: { name: `_dmarc.${domain}`, value: `v=DMARC1; p=none; rua=mailto:postmaster@${domain}` },
  }
}

const policyForm = /^v=DMARC1\s*(;|$)/i

/** The domain and those above it that somebody can own. */
function domainsFrom(domain: string): string[] {
  const labels = domain.split('.')
  return labels.slice(0, -1).map((_, skipped) => labels.slice(skipped).join('.'))
}

/** The records of a name that look like this, none where the name does not exist; undefined where nobody answered. */
async function findTexts(resolve: ResolveTxt, name: string, form: RegExp): Promise<string[] | undefined> {
  try {
    return (await resolve(name)).map((pieces) => pieces.join('')).filter((record) => form.test(record))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOTFOUND' || code === 'ENODATA' ? [] : undefined
  }
}

/** The value of a tag in `a=1; b=2`; empty without it. */
function tagOf(record: string, tag: string): string {
  const found = record.split(';').map((part) => part.trim().split('='))
  return (
    found
      .find(([name]) => name?.trim().toLowerCase() === tag)
      ?.slice(1)
      .join('=')
      .trim() ?? ''
  )
}
