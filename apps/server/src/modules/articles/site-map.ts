import { languages } from '@lahko/contract/values'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { findOrigin, originOfVisit } from '#accounts'
import type { House } from '#platform/house.ts'
import { html, type Html } from '#platform/html.ts'
import { articlePath } from './article-page.ts'
import { listMapEnds, listMapped, type Mapped } from './help.queries.ts'

type Visit = { house: House; request: FastifyRequest; reply: FastifyReply }
type End = Pick<Mapped, 'id' | 'language'>

// A map holds at most 50,000 addresses and 50 MB (https://www.sitemaps.org/protocol.html); so many take a moment only.
const mostMapped = 5_000
const space = 'http://www.sitemaps.org/schemas/sitemap/0.9'
const first = 'first'

/** What everybody may read, for search engines: one map, or where its parts are. */
export async function sendSiteMap({ house, request, reply }: Visit): Promise<FastifyReply> {
  const origin = (await findOrigin(house, request)) ?? originOfVisit(request)
  const { after } = request.query as Record<string, unknown>
  const from = readEnd(after)
  const map = await house.store.read(request.scope, async (db) => {
    const ends = from || after === first ? [] : await listMapEnds(db, mostMapped)
    if (ends.length > 0) return indexOf(origin, ends)
    return mapOf(origin, await listMapped(db, { limit: mostMapped, ...(from && { after: from }) }), !from)
  })
  reply.headers({ 'content-type': 'application/xml; charset=utf-8', 'cache-control': 'no-cache' })
  return reply.send(`<?xml version="1.0" encoding="UTF-8"?>\n${String(map)}`)
}

function indexOf(origin: string, ends: readonly End[]): Html {
  const parts = [first, ...ends.map(({ id, language }) => `${id}.${language}`)]
  const places = parts.map((part) => html`<sitemap><loc>${origin}/sitemap.xml?after=${part}</loc></sitemap>`)
  return html`<sitemapindex xmlns="${space}">${places}</sitemapindex>`
}

function mapOf(origin: string, rows: readonly Mapped[], withHome: boolean): Html {
  const homes = withHome && rows.length > 0 ? languages : []
  return html`
    <urlset xmlns="${space}" xmlns:xhtml="http://www.w3.org/1999/xhtml">
      ${homes.map((language) => html`<url><loc>${origin}/help/${language}</loc></url>`)}
      ${rows.map((row) => urlOf(origin, row))}
    </urlset>`
}

function urlOf(origin: string, row: Mapped): Html {
  const others = row.languages.map(
    (language) =>
      html`<xhtml:link rel="alternate" hreflang="${language}" href="${origin}${articlePath(row, language)}"/>`,
  )
  return html`
    <url>
      <loc>${origin}${articlePath(row, row.language)}</loc>
      <lastmod>${row.published_at.toISOString()}</lastmod>
      ${others}
    </url>`
}

function readEnd(after: unknown): End | undefined {
  const [, id, language] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(en|sl|nb)$/.exec(String(after)) ?? []
  return id === undefined ? undefined : { id, language: language as Mapped['language'] }
}
