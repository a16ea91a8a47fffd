import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import chromium from '@sparticuz/chromium'
import { chromium as driver, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const pictures = fileURLToPath(new URL('./pictures', import.meta.url))
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A narrow phone, and a usual desktop. */
export const phone = { width: 320, height: 720 }
export const desktop = { width: 1280, height: 900 }

/** A picture of one pixel, 70 bytes. */
export const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mM4YKDwHwAE1AIQ7CqaiQAAAABJRU5ErkJggg==',
  'base64',
)

/** The browser out of its package, unpacked once. Whoever opens it closes it. */
export async function openBrowser(): Promise<Browser> {
  // Its own arguments would switch off the isolation of sites.
  const executablePath = existsSync('/tmp/chromium') ? '/tmp/chromium' : await chromium.executablePath()
  return driver.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--headless=shell'] })
}

const withoutScripts = new WeakSet<Page>()

/** A page in a context of its own, without JavaScript unless asked for. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: phone, javaScriptEnabled: false, locale: 'en-GB', ...options })
  const page = await context.newPage()
  if (options.javaScriptEnabled !== true) withoutScripts.add(page)
  return page
}

type Violation = { id: string; nodes: { html: string; failureSummary?: string }[] }

/** What axe finds against WCAG 2.2 AA and its own good practice, in words; empty when it finds nothing. */
export async function axe(page: Page): Promise<string[]> {
  if (!withoutScripts.has(page)) return runAxe(page)
  const copy = await copyWithScripts(page)
  const found = await runAxe(copy)
  await copy.context().close()
  return found
}

/** axe needs timers, which stand still where JavaScript is off: it looks at a copy in the same colours and size. */
async function copyWithScripts(page: Page): Promise<Page> {
  const dark = await page.evaluate(`matchMedia('(prefers-color-scheme: dark)').matches`)
  const context = await page
    .context()
    .browser()!
    .newContext({
      viewport: page.viewportSize(),
      colorScheme: dark ? 'dark' : 'light',
      bypassCSP: true,
    })
  const copy = await context.newPage()
  await copy.setContent(await page.content())
  return copy
}

// A colour on its way from light to dark has the contrast of neither.
const settled = `Promise.allSettled(document.getAnimations()
  .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
  .map((animation) => animation.finished))`

async function runAxe(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  await page.evaluate(settled)
  const tags = JSON.stringify(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
  const violations: Violation[] = await page.evaluate(
    `axe.run(document, { runOnly: ${tags} }).then((found) => found.violations)`,
  )
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`))
}

/** Keeps a picture of the whole page as `e2e/pictures/NAME.png`. */
export async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
}

/** That a page fits its window, is accessible, and has nothing too small for a finger; kept as a picture of this name. */
export async function assertWhole(page: Page, name: string): Promise<void> {
  const [whole, seen] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [number, number]
  assert.ok(whole <= seen, `${name} is ${whole} px wide in a window of ${seen}`)
  assert.deepEqual(await axe(page), [], name)
  const targets = page.locator('button, .button, .input, .choice, .page-foot a, .page-head a').filter({ visible: true })
  for (const target of await targets.all()) {
    const box = (await target.boundingBox())!
    assert.ok(box.height >= 43.9, `${name}: ${await target.innerText()} is ${box.width} × ${box.height}`)
  }
  await photograph(page, name)
}
