import { keepPastVotes, type PastVote } from '#articles'
import type { Tx } from '#platform/store.ts'
import { createRandom } from './random.ts'
import { declined } from './vote-texts.ts'

const seed = 20_260_524
const ofDays = 80
const dayMs = 86_400_000

/** Of how many readers an article is said to have helped, and not. */
const said: Readonly<Record<string, readonly [yes: number, no: number]>> = {
  'track-parcel': [41, 6],
  'return-something': [33, 5],
  'exchange-size': [24, 3],
  'repair-zip': [19, 4],
  'refund-time': [12, 9],
  'book-ski-service': [9, 1],
  'reset-password': [6, 0],
  'wash-jacket': [5, 1],
  'binding-setting': [2, 4],
}

/** What readers have said of articles until today. Run again, it changes nothing. */
export async function fillVotes(tx: Tx): Promise<void> {
  const random = createRandom(seed)
  const votes = Object.entries(said).flatMap(([slug, [yes, no]]) =>
    Array.from({ length: yes + no }, (_, place): PastVote => {
      const at = new Date(tx.now.getTime() - random.next() * ofDays * dayMs)
      const language = random.weighted({ sl: 6, en: 3, nb: 2 })
      const token = `demo ${slug} ${place}`
      const why = declined[slug]?.[place - yes]
      return { slug, language, helpful: place < yes, at, token, ...why }
    }),
  )
  await keepPastVotes(tx, votes)
}
