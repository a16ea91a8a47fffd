import type { BenchResult } from './report.ts'
import { fillLarge, questionsOfWords, timeQuestions } from './search/large.ts'
import { above, measure, type Figures } from './search/measuring.ts'
import { languages, type Half, type Language } from './search/relevance.ts'
import { openStage, type Stage } from './search/stage.ts'

const many = Number(process.env['LAHKO_BENCH_DOCUMENTS'] ?? 100_000)
/** What is tuned is looked at on the other half. */
const half = (process.env['LAHKO_BENCH_HALF'] ?? 'judging') as Half
const wordsAsked = 8

type Times = { language: Language; p50: number; p95: number }

/** How well people who do not know the shop's words find its articles, and how fast among many. */
export async function run(): Promise<BenchResult> {
  const stage = await openStage()
  try {
    const figures: Figures[] = []
    for (const language of languages) figures.push(await measure(stage, language, half))
    const times: Times[] = []
    if (many > 0) for (const language of languages) times.push(await timeLarge(stage, language))
    return report(figures, times)
  } finally {
    await stage.close()
  }
}

async function timeLarge(stage: Stage, language: Language): Promise<Times> {
  const began = performance.now()
  const scope = await fillLarge(stage, language, many)
  console.log(`${many} documents (${language}) written in ${((performance.now() - began) / 1000).toFixed(0)} s`)
  const times = await timeQuestions(stage, scope, language, questionsOfWords(language, wordsAsked))
  const quantile = (share: number) => times.toSorted((a, b) => a - b)[Math.floor(share * times.length)]!
  return { language, p50: quantile(0.5), p95: quantile(0.95) }
}

function report(figures: readonly Figures[], times: readonly Times[]): BenchResult {
  return {
    name: 'search',
    columns: ['', ...figures.map(({ language }) => language)],
    rows: [
      ...table(figures),
      ...curve(figures),
      ...times.map(({ language, p50, p95 }) => [`p50, p95 ms (${language})`, p50, p95]),
    ],
    checks: [...figures.flatMap(checksOf), ...times.map(checkOfTime)],
  }
}

function table(figures: readonly Figures[]): BenchResult['rows'] {
  const row = (name: string, of: (one: Figures) => number) => [name, ...figures.map((one) => round(of(one)))]
  return [
    row(`questions (${half})`, (one) => one.questions),
    row('MRR@10', (one) => one.mrr.ours),
    row('MRR@10, requiring all words', (one) => one.mrr['all words']),
    row('MRR@10, any word', (one) => one.mrr['any word']),
    row('  ours more than any word', (one) => one.gain.mean),
    row('  at least (95 %)', (one) => one.gain.low),
    row('  at most', (one) => one.gain.high),
    row('gap to 1 closed', (one) => one.gapClosed),
    row('Hit@3', (one) => one.hitAt3),
    row('nothing found', (one) => one.nothing),
    row('points lost by a typo', (one) => 100 * one.typoLoss),
    row('MRR@10 while it is typed', (one) => one.typing),
    row('points lost without carets', (one) => 100 * one.caretLoss),
  ]
}

/** What would be suggested if it needed more or less: to questions with an answer, off the field, and in it. */
function curve(figures: readonly Figures[]): BenchResult['rows'] {
  const needed = Array.from({ length: 20 }, (_, at) => (at + 10) / 20)
  const rate = (fits: readonly number[], least: number) => `${Math.round(100 * above(fits, least))} %`
  return needed.map((least) => [
    `suggested from ${least} on: kept, off, near`,
    ...figures.map(({ suggested: { answerable, off, near } }) =>
      [answerable, off, near].map((fits) => rate(fits, least)).join(', '),
    ),
  ])
}

function checksOf(one: Figures): BenchResult['checks'] {
  const check = (name: string, value: number, wanted: string, holds: boolean) => ({
    check: `${one.language}: ${name}`,
    value: round(value),
    wanted,
    holds,
  })
  const { answerable, off, near } = one.suggested
  const most = (name: string, value: number, limit: number, wanted: string) =>
    check(name, value, wanted, value <= limit)
  return [
    check('MRR@10 above any word at least (95 %)', one.gain.low, 'above 0', one.gain.low > 0),
    check('of its gap to 1 closed', one.gapClosed, 'at least 0.10', one.gapClosed >= 0.1),
    check('Hit@3', one.hitAt3, 'at least 0.80', one.hitAt3 >= 0.8),
    most('nothing found', one.nothing, 0.02, 'at most 0.02'),
    most('suggested, off the field', above(off, 1), 0.15, 'at most 0.15'),
    most('suggested, in the field', above(near, 1), 0.35, 'at most 0.35'),
    check('suggested, answerable', above(answerable, 1), 'at least 0.80', above(answerable, 1) >= 0.8),
    most('points lost by one typo', 100 * one.typoLoss, 3, 'at most 3'),
    ...(one.language === 'en' ? [] : [most('points lost without carets', 100 * one.caretLoss, 1, 'at most 1')]),
  ]
}

function checkOfTime({ language, p95 }: Times): BenchResult['checks'][number] {
  return {
    check: `${language}: p95 of questions of ${wordsAsked} words among ${many} documents, ms`,
    value: round(p95),
    wanted: 'at most 50',
    holds: p95 <= 50,
  }
}

function round(value: number): number {
  return Number(value.toFixed(3))
}
