import { accounts as contract } from '@lahko/contract'
import type { Readable } from 'node:stream'
import type { House } from '#platform/house.ts'
import { listFailedJobs } from '#platform/failed-jobs.ts'
import { route, type Route } from '#platform/http.ts'
import { retryFailedJob } from '#platform/jobs.ts'
import { Problem } from '#platform/problem.ts'
import { pageOf, viewFailedJob, viewKey, viewWorkspace } from './accounts.view.ts'
import { directoryOf } from './directory.ts'
import { listOrigins } from './entering.ts'
import { createKey, revokeKey } from './keys.ts'
import { listKeys } from './keys.queries.ts'
import { changeWorkspace, largestLogo, removeLogo, setLogo } from './workspace-changes.ts'

/** The workspace itself: its settings, logo and API keys, and the work in it that was given up. */
export function workspaceRoutes(house: House): Route[] {
  const directory = directoryOf(house)
  return [
    route(contract.changeWorkspace, async ({ body, write }) => {
      const row = await write((tx) =>
        changeWorkspace(tx, {
          name: body.name,
          language: body.language,
          time_zone: body.timeZone,
          accent_hue: body.accentHue,
          accent_chroma: body.accentChroma,
          keep_months: body.keepMonths,
          keep_searches_months: body.keepSearchesMonths,
          own_addresses: body.ownAddresses,
          postal_address: body.postalAddress,
          contact_email: body.contactEmail,
          contact_phone: body.contactPhone,
          privacy_url: body.privacyUrl,
          accessibility_url: body.accessibilityUrl,
          imprint_url: body.imprintUrl,
        }),
      )
      directory.forget()
      return viewWorkspace(row)
    }),

    route(contract.listHosts, async ({ request }) => ({ origins: await listOrigins(house, request) })),

    route(contract.setLogo, async ({ request, write }) => {
      const content = await readLogo(request.body as Readable | undefined)
      await write((tx) => setLogo(tx, content))
    }),

    route(contract.removeLogo, async ({ write }) => {
      await write(removeLogo)
    }),

    route(contract.listKeys, async ({ query, read }) => {
      const rows = await read((db) => listKeys(db, { ...query, limit: query.limit + 1 }))
      return pageOf(rows, query.limit, viewKey)
    }),

    route(contract.createKey, async ({ body, write }) => {
      const { key, row } = await write((tx) => createKey(tx, body))
      return { key, apiKey: viewKey(row) }
    }),

    route(contract.revokeKey, async ({ params, write }) => {
      await write((tx) => revokeKey(tx, params.id))
      directory.forget()
    }),

    route(contract.listFailedJobs, async ({ query, read }) => {
      const rows = await read((db) => listFailedJobs(db, { ...query, limit: query.limit + 1 }))
      return pageOf(rows, query.limit, viewFailedJob)
    }),

    route(contract.retryFailedJob, async ({ params, write }) => {
      if (!(await write((tx) => retryFailedJob(tx, params.id)))) throw new Problem('not_found', 'platform.not_found')
    }),
  ]
}

/** Reads no more of the stream than a logo may have. */
async function readLogo(body: Readable | undefined): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += (chunk as Buffer).length
    if (bytes > largestLogo) throw new Problem('too_large', 'accounts.logo_too_large')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
