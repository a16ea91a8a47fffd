import { keepPastSearches } from '#articles'
import { localDateOf } from '#platform/local-date.ts'
import type { Language } from '@lahko/contract/values'
import type { Tx } from '#platform/store.ts'
import { createRandom } from './random.ts'

/** What readers ask that the shop's articles do not answer, in the words of several, with how often each is asked. */
const questions: Record<Language, readonly [text: string, times: number][]> = {
  en: [
    ['student discount', 6],
    ['do you have a discount for students', 3],
    ['rent a tent for a week', 5],
    ['can I hire snowshoes', 4],
    ['gift wrapping', 4],
    ['vegan climbing shoes', 3],
    ['open on Sunday', 2],
  ],
  sl: [
    ['popust za študente', 7],
    ['imate študentski popust', 3],
    ['izposoja šotora', 6],
    ['krplje za izposojo', 4],
    ['ali zavijete darilo', 4],
    ['veganski plezalniki', 3],
    ['odprto v nedeljo', 2],
  ],
  nb: [
    ['studentrabatt', 5],
    ['har dere rabatt for studenter', 3],
    ['leie telt en uke', 4],
    ['leie truger', 4],
    ['pakke inn gave', 3],
    ['veganske klatresko', 3],
    ['søndagsåpent', 2],
  ],
}
const daysBack = 80

/** Two and a half months of searches in vain. */
export async function fillSearches(tx: Tx, { seed, timeZone }: { seed: number; timeZone: string }): Promise<void> {
  const random = createRandom(seed)
  const day = () => localDateOf(new Date(tx.now.getTime() - random.below(daysBack) * 86_400_000), timeZone)
  const asked = (Object.keys(questions) as Language[]).flatMap((language) =>
    questions[language].map(([text, times]) => ({ text, language, days: Array.from({ length: times }, day) })),
  )
  await keepPastSearches(tx, asked)
}
