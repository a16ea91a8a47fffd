/** How many changes were looked for at once, and how many were not seen. */
export type Seen = { asked: number; missed: number; pageMs: number }
export type Mapped = { parts: number; addresses: number; articles: number; slowestMs: number }

type Ports = { key: string; writer: number; reader: number }

const rounds = 20

/** Publishes and takes back through one process, and reads page and search through the other as soon as it says so. */
export async function publishOften({ key, writer, reader }: Ports): Promise<Seen> {
  const api = <T>(method: string, path: string, body?: object) => ask<T>(writer, key, method, path, body)
  const { items } = await api<{ items: { id: string }[] }>('GET', '/article-collections')
  const first = { collectionId: items[0]!.id, language: 'en', title: 'Zyxwort none', body: 'x', slug: 'bench-zyxwort' }
  const { id } = await api<{ id: string }>('POST', '/articles', first)
  const draft = `/articles/${id}/translations/en`
  const page = `http://127.0.0.1:${reader}/help/en/bench-zyxwort`
  const search = `http://127.0.0.1:${reader}/help/search?lang=en&q=zyxwort&e=bench-episode-01`
  const seen: Seen = { asked: 0, missed: 0, pageMs: 0 }
  const look = async (address: string, expected: boolean, words: string) => {
    const text = await (await fetch(address)).text()
    seen.asked += 1
    if (text.includes(words) !== expected) seen.missed += 1
  }
  for (let round = 1; round <= rounds; round++) {
    const words = `Zyxwort number ${round} of all`
    const { revision } = await api<{ revision: number }>('PUT', draft, { title: words, body: 'x', revision: round })
    await api('PUT', `${draft}/publication`, { revision })
    const began = performance.now()
    await look(page, true, words)
    seen.pageMs = Math.max(seen.pageMs, performance.now() - began)
    await look(search, true, words)
    await api('PATCH', `/articles/${id}`, { audience: 'signed-in' })
    await Promise.all([look(page, false, words), look(search, false, words)])
    await api('PATCH', `/articles/${id}`, { audience: 'public' })
    await look(page, true, words)
    await api('DELETE', `${draft}/publication`)
    await Promise.all([look(page, false, words), look(search, false, words)])
  }
  return seen
}

/** Reads the map of the site as a crawler does. */
export async function mapOf(port: number): Promise<Mapped> {
  const mapped: Mapped = { parts: 0, addresses: 0, articles: 0, slowestMs: 0 }
  const read = async (path: string): Promise<string[]> => {
    const began = performance.now()
    const text = await (await fetch(`http://127.0.0.1:${port}${path}`)).text()
    mapped.slowestMs = Math.max(mapped.slowestMs, performance.now() - began)
    return [...text.matchAll(/<loc>https?:\/\/[^/<]*([^<]*)<\/loc>/g)].map(([, place]) => place!)
  }
  const top = await read('/sitemap.xml')
  const parts = top.filter((place) => place.startsWith('/sitemap.xml'))
  const addresses = parts.length === 0 ? top : []
  for (const part of parts) addresses.push(...(await read(part)))
  const articles = new Set(addresses.filter((place) => /\/article-\d+$/.test(place)))
  return { ...mapped, parts: parts.length, addresses: addresses.length, articles: articles.size }
}

async function ask<T>(port: number, key: string, method: string, path: string, body?: object): Promise<T> {
  const reply = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}
