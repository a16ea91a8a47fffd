import { request as requestPlain, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestSecure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { Internet } from './internet.ts'
import { pictureType } from './picture-types.ts'

export type Picture = { mediaType: string; content: Buffer }

const mostBytes = 5 * 1024 * 1024
const mostRedirects = 3
const patienceMs = 10_000

/**
 * Fetches a picture whose address a stranger has written. Its server learns that somebody asks, and nothing of whom:
 * no cookie, no referrer, no program's name. Each name is looked up once, and what is called is the address that was
 * found and judged, also behind a redirect.
 * @returns undefined where there is none: nobody answers, in time and in 5 MB, or what comes is no PNG, JPEG, GIF or WebP
 */
export async function fetchPicture(
  internet: Internet,
  address: string,
  limitMs = patienceMs,
): Promise<Picture | undefined> {
  const stop = AbortSignal.timeout(limitMs)
  try {
    const content = await contentOf(await follow(internet, new URL(address), stop))
    const mediaType = pictureType(content)
    return mediaType === undefined ? undefined : { mediaType, content }
  } catch {
    // Whatever a stranger's server does wrong, there is no picture.
    return undefined
  }
}

async function follow(internet: Internet, first: URL, stop: AbortSignal): Promise<IncomingMessage> {
  let url = first
  for (let turn = 0; turn <= mostRedirects; turn += 1) {
    const reply = await ask(internet, url, stop)
    const { statusCode = 0, headers } = reply
    if (statusCode === 200) return reply
    reply.destroy()
    if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) break
    url = new URL(headers.location, url)
  }
  throw new Error('no picture there')
}

async function ask(internet: Internet, url: URL, stop: AbortSignal): Promise<IncomingMessage> {
  const request = { 'http:': requestPlain, 'https:': requestSecure }[url.protocol]
  if (!request || url.username !== '' || url.password !== '') throw new Error('no address of a picture')
  const options: RequestOptions = {
    headers: { accept: 'image/png,image/jpeg,image/gif,image/webp', 'accept-encoding': 'identity' },
    // A connection that is kept would be used again for a name that leads elsewhere by then.
    agent: false,
    lookup: pinnedTo(await judged(internet, url, stop)),
    signal: stop,
  }
  return new Promise((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end()
  })
}

/** The addresses behind a host that may be called. @throws where there is none */
async function judged(internet: Internet, { hostname }: URL, stop: AbortSignal): Promise<string[]> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const all = isIP(host) ? [host] : await Promise.race([internet.addressesOf(host), givenUp(stop)])
  const allowed = all.filter((address) => internet.mayCall(address))
  if (allowed.length === 0) throw new Error('not to be called')
  return allowed
}

/** Node's look-up, answered with what was judged: asked again, the DNS might say something else. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_, { all }, done) => (all ? done(null, found) : done(null, found[0]!.address, found[0]!.family))
}

function givenUp(stop: AbortSignal): Promise<never> {
  return new Promise((_, reject) => stop.addEventListener('abort', () => reject(stop.reason as Error), { once: true }))
}

/** Read to its end, unless there is more than a picture has. */
async function contentOf(reply: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostBytes) throw new Error('too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
