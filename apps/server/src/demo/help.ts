import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { languages, type Language } from '@lahko/contract/values'
import { importArticles } from '#articles'
import { setUpContactForm } from '#tickets'
import { daysAfter } from '#platform/local-date.ts'
import type { Tx } from '../platform/store.ts'
import { withPictures } from './help-pictures.ts'
import { topics } from './texts.ts'
import { fillVotes } from './votes.ts'

const folder = fileURLToPath(new URL('./help/', import.meta.url))

/**
 * The shop's knowledge base: as old as the world, but the articles about sizes, which came when sizing became easier.
 * Run again on the same day, it changes nothing.
 */
export async function fillHelp(
  tx: Tx,
  { begin, articleAt, today }: { begin: Date; articleAt: Date; today: string },
): Promise<void> {
  const files = withReviews(helpFiles(), today)
  const isLate = (path: string) => path.startsWith('sizing/')
  const early = files.filter(({ path }) => !isLate(path))
  const late = files.filter(({ path }) => isLate(path) || !path.includes('/'))
  for (const [part, now] of [
    [early, begin],
    [late, articleAt],
  ] as const) {
    const { outcomes } = await importArticles({ ...tx, now }, withPictures(part))
    const refused = outcomes.find(({ became }) => became === 'refused')
    if (refused) throw new Error(`The knowledge base refuses the demo: ${refused.path}`)
  }
  await fillVotes(tx)
}

/** In how many days somebody wants to look at what ages fastest; of some these are over. */
const reviewIn: Readonly<Record<string, number>> = {
  'delivery-cost': -12,
  'customs-norway': -3,
  'ski-service-prices': -34,
  'loyalty-points': 9,
}

function withReviews(files: ReturnType<typeof helpFiles>, today: string): ReturnType<typeof helpFiles> {
  return files.map(({ path, text }) => {
    const days = reviewIn[basename(path).split('.')[0]!]
    return { path, text: days === undefined ? text : text.replace('---\n', `---\nreview: ${daysAfter(today, days)}\n`) }
  })
}

/** Whoever finds no answer asks people: by a form with the topics that the shop's tickets have. */
export async function openForm(tx: Tx, language: Language): Promise<void> {
  const asked = Object.values(topics).map((names) => ({
    name: names[language],
    label: Object.fromEntries(languages.filter((one) => one !== language).map((one) => [one, names[one]])),
  }))
  await setUpContactForm(tx, { open: true, intro: {}, topics: asked })
}

/** The folder as it lies in the repository. */
export function helpFiles(): { path: string; text: string }[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(md|json)$/.test(path))
  return paths.toSorted().map((path) => ({ path, text: readFileSync(`${folder}${path}`, 'utf8') }))
}
