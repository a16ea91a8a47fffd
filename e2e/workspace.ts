import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { testHouse, type TestHouse } from '../apps/server/src/platform/testing/house.ts'
import { buildWorkspace } from '../scripts/build-workspace.mjs'
import { desktop, openBrowser, openPage } from './browser.ts'

/** The agents' application on a house of its own, in a real browser. */
export type Workspace = {
  house: TestHouse
  browser: Browser
  origin: string
  /** What consoles complained about, a page that nobody may see without signing in left out. */
  complaints: string[]
  /** A page with JavaScript whose complaints are kept. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>
  /** A page of somebody who has just signed up. */
  signedUp(options?: SignedUp): Promise<Page>
  /** The API as the page's member sees it. */
  ask<T>(page: Page, method: string, path: string, body?: unknown): Promise<T>
  close(): Promise<void>
}

type SignedUp = BrowserContextOptions & { language?: 'en' | 'sl' | 'nb'; libraryId?: string }

let count = 0

/** @param environment settings that differ from the usual ones */
export async function openWorkspace(environment: Record<string, string> = {}): Promise<Workspace> {
  await buildWorkspace()
  const house = await testHouse({ LAHKO_SIGNUP: 'open', ...environment })
  await house.app.listen({ port: 0, host: 'localhost' })
  const origin = `http://localhost:${(house.app.server.address() as AddressInfo).port}`
  const browser = await openBrowser()
  const complaints: string[] = []

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await openPage(browser, {
      javaScriptEnabled: true,
      viewport: desktop,
      timezoneId: 'Europe/Ljubljana',
      ...options,
    })
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('401'))
        complaints.push(`${page.url()}: ${message.text()}`)
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(origin + path)
    return page
  }
  async function signedUp({ language = 'en', libraryId = 'ces-10-solved', ...options }: SignedUp = {}): Promise<Page> {
    const page = await open('/healthz', options)
    const slug = `shop-${++count}`
    const { workspaceUrl } = await ask<{ workspaceUrl: string }>(page, 'POST', '/sign-ups', {
      name: 'Maja Kranjc',
      email: `maja@${slug}.example`,
      password: 'three hills and a lake',
      workspace: { name: 'Triglav Oprema', slug, language, timeZone: 'Europe/Ljubljana' },
      question: { libraryId },
    })
    await page.goto(workspaceUrl)
    return page
  }
  // From within the page: only a browser finds `acme.localhost` everywhere.
  async function ask<T>(page: Page, method: string, path: string, data?: unknown): Promise<T> {
    const { status, text } = await page.evaluate(
      async ([verb, address, body]) => {
        const init: RequestInit = { method: verb }
        if (body !== undefined) Object.assign(init, { body, headers: { 'content-type': 'application/json' } })
        const reply = await fetch(`/api/v1${address}`, init)
        return { status: reply.status, text: await reply.text() }
      },
      [method, path, data === undefined ? undefined : JSON.stringify(data)] as const,
    )
    assert.ok(status < 300, `${method} ${path}: ${status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  async function close(): Promise<void> {
    await browser.close()
    await house.close()
  }
  return { house, browser, complaints, origin, open, signedUp, ask, close }
}

/** Answers by the hundred: `[score, how many, attributes, comment]`, spread over the days before the house's clock. */
export type Sheaf = readonly [score: number, count: number, attributes: Record<string, string>, comment?: string]

export async function answer(
  { ask, house }: Workspace,
  page: Page,
  survey: string,
  sheaves: readonly Sheaf[],
  daysAgo = 0,
): Promise<void> {
  const answeredAt = new Date(house.clock.now().getTime() - daysAgo * 86_400_000 - 3_600_000).toISOString()
  const responses = sheaves.flatMap(([score, times, attributes, comment]) =>
    Array.from({ length: times }, () => ({ survey, score, attributes, comment, answeredAt })),
  )
  for (let from = 0; from < responses.length; from += 1000) {
    const { results } = await ask<{ results: { status: string }[] }>(page, 'POST', '/responses', {
      responses: responses.slice(from, from + 1000),
    })
    assert.ok(
      results.every(({ status }) => status === 'accepted'),
      JSON.stringify(results[0]),
    )
  }
}
