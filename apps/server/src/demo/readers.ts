import { changeArticleRules } from '#articles'
import { createIngest, type Answer } from '#surveys'
import type { House } from '#platform/house.ts'
import type { Scope } from '#platform/store.ts'
import { listHelp, pickLiked } from './episodes.ts'
import { createRandom } from './random.ts'

const many = 700
const atOnce = 350
/** Who says that an article helped is asked, and finds it easy. */
const scores = { 2: 1, 3: 1, 4: 1, 5: 2, 6: 4, 7: 6, 8: 17, 9: 23, 10: 45 }

/** Readers whom an article was enough are asked how easy it was, and have answered since the first day. */
export async function fillReaders(
  house: House,
  scope: Scope,
  {
    seed,
    begin,
    articleAt,
    now,
    surveyId,
  }: { seed: number; begin: Date; articleAt: Date; now: Date; surveyId: string },
): Promise<void> {
  const random = createRandom(seed + 4)
  const all = await house.store.write(scope, async (tx) => {
    await changeArticleRules(tx, { approvalNeeded: false, effortSurveyId: surveyId })
    return listHelp(tx, createRandom(seed + 3))
  })
  // What came later nobody could read before.
  const early = all.filter(({ topic }) => topic !== 'sizing')
  const answers = Array.from({ length: many }, (_, number): Answer => {
    const at = new Date(begin.getTime() + random.next() * (now.getTime() - begin.getTime()))
    const { id: article } = pickLiked(random, at < articleAt ? early : all)
    const attributes = { way: 'article', article }
    const input = { survey: surveyId, externalId: `demo-reader-${number}`, answeredAt: at.toISOString(), attributes }
    return { ...scope, source: 'demo', input: { ...input, score: Number(random.weighted(scores)) } }
  })
  const ingest = createIngest(house)
  for (let done = 0; done < many; done += atOnce) await ingest.submitAll(answers.slice(done, done + atOnce))
}
