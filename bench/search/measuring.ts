import { seededRandom } from '../seeded.ts'
import { begun, mean, pairedInterval, reciprocalRank, withoutCarets, withTypo } from './figures.ts'
import { halfOf, halvesOf, readQuestions, type Half, type Language } from './relevance.ts'
import { ask, slugsBy, slugsIn, type Stage, type Way } from './stage.ts'

export type Asked = { slug: string; question: string }

/** What one language's half of the questions shows. */
export type Figures = {
  language: Language
  questions: number
  /** Mean reciprocal rank among ten. */
  mrr: Record<Way, number>
  /** Of ours minus any word, 95 %. */
  gain: { mean: number; low: number; high: number }
  /** Of what any word leaves to 1. */
  gapClosed: number
  hitAt3: number
  nothing: number
  /** Of the questions that have an answer, and of those that have none. */
  suggested: Record<'answerable' | 'off' | 'near', number[]>
  typoLoss: number
  caretLoss: number
  /** Mean reciprocal rank while the question is typed. */
  typing: number
}

function askedOf(language: Language, half: Half): Asked[] {
  const { answerable } = readQuestions(language)
  const slugs = Object.keys(answerable)
  return slugs
    .filter((slug) => halfOf(slug, slugs) === half)
    .flatMap((slug) => answerable[slug]!.map((question) => ({ slug, question })))
}

const typoRounds = 3

/** Asks all questions of a half, each way, and once more with slips and without carets. */
export async function measure(stage: Stage, language: Language, half: Half): Promise<Figures> {
  const asked = askedOf(language, half)
  const ranks = {} as Record<Way, number[]>
  for (const way of ['all words', 'any word'] as const) ranks[way] = await ranksOf(stage, way, language, asked)
  const found = []
  for (const { question } of asked) found.push(await ask(stage, language, question))
  const slugs = found.map((one) => slugsIn(stage, language, one))
  ranks.ours = slugs.map((one, at) => reciprocalRank(one, asked[at]!.slug))
  const mrr = { ours: mean(ranks.ours), 'all words': mean(ranks['all words']), 'any word': mean(ranks['any word']) }
  const gained = ranks.ours.map((rank, at) => rank - ranks['any word'][at]!)
  const bySlug = Object.values(
    Object.groupBy(
      gained.map((gain, at) => ({ gain, slug: asked[at]!.slug })),
      ({ slug }) => slug,
    ),
  )
  const groups = bySlug.map((group) => group!.map(({ gain }) => gain))
  return {
    language,
    questions: asked.length,
    mrr,
    gain: { mean: mean(gained), ...pairedInterval(groups, seededRandom(5)) },
    gapClosed: (mrr.ours - mrr['any word']) / (1 - mrr['any word']),
    hitAt3: mean(slugs.map((one, at) => (one.slice(0, 3).includes(asked[at]!.slug) ? 1 : 0))),
    nothing: mean(slugs.map((one) => (one.length === 0 ? 1 : 0))),
    suggested: {
      answerable: found.map(({ hits }) => bestFit(hits)),
      off: await fitsOf(stage, language, halvesOf(readQuestions(language).off)[half]),
      near: await fitsOf(stage, language, halvesOf(readQuestions(language).near)[half]),
    },
    typoLoss: mrr.ours - mean(await ranksWithTypos(stage, language, asked)),
    typing: mean(await ranksWhileTyping(stage, language, asked)),
    caretLoss: mrr.ours - mean(await ranksOf(stage, 'ours', language, asked, withoutCarets)),
  }
}

async function ranksOf(
  stage: Stage,
  way: Way,
  language: Language,
  asked: readonly Asked[],
  change = (text: string) => text,
): Promise<number[]> {
  const ranks = []
  for (const { slug, question } of asked)
    ranks.push(reciprocalRank(await slugsBy(stage, way, language, change(question)), slug))
  return ranks
}

async function ranksWithTypos(stage: Stage, language: Language, asked: readonly Asked[]): Promise<number[]> {
  const ranks = []
  for (let round = 0; round < typoRounds; round++) {
    const random = seededRandom(round)
    ranks.push(...(await ranksOf(stage, 'ours', language, asked, (text) => withTypo(text, random))))
  }
  return ranks
}

/** So much of a question stands there. */
const typed = [0.3, 0.5, 0.7]

async function ranksWhileTyping(stage: Stage, language: Language, asked: readonly Asked[]): Promise<number[]> {
  const ranks = []
  for (const { slug, question } of asked) {
    for (const share of typed) {
      const found = await ask(stage, language, begun(question, share), { typing: true })
      ranks.push(reciprocalRank(slugsIn(stage, language, found), slug))
    }
  }
  return ranks
}

async function fitsOf(stage: Stage, language: Language, questions: readonly string[]): Promise<number[]> {
  const fits = []
  for (const question of questions) fits.push(bestFit((await ask(stage, language, question)).hits))
  return fits
}

/** What the likeliest answer of any language reaches. */
function bestFit(hits: readonly { fit: number }[]): number {
  return Math.max(0, ...hits.map(({ fit }) => fit))
}

/** How many of some questions get a suggestion when they need so much. */
export const above = (fits: readonly number[], least: number) => mean(fits.map((fit) => (fit >= least ? 1 : 0)))
