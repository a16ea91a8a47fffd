import { uuidv7 } from '../identifiers.ts'
import { invalidField, Problem } from '../problem.ts'
import type { Db, Tx } from '../store.ts'
import { longestPhrase, meaningsAmong, phrasesOf, stemsOfPhrase } from './phrases.ts'
import type { Question } from './question.ts'
import {
  countSynonyms,
  deleteSynonyms,
  findSynonymGroup,
  insertSynonyms,
  listMeanings,
  listSynonymGroups,
  updateSynonyms,
} from './synonyms.queries.ts'
import type { Synonyms } from './weighing.ts'

/** Words and phrases that mean the same to a workspace, in one language. */
export type SynonymGroup = { id: string; language: string; words: string[] }

/** A group that is tried out: it is searched as if it stood there, and as if another one did not. */
export type TriedSynonyms = { words?: readonly string[]; without?: string }

/** How many groups a workspace may have. */
export const mostGroups = 1_000
const mostWords = 20

/**
 * Says that words mean the same: a question with one of them finds what has another.
 * @param words at least two that differ, each of at most four words
 * @throws Problem invalid `search.synonyms_count`, `search.synonym_phrase`, `search.synonyms_full`
 */
export async function addSynonyms(
  tx: Tx,
  { language, words }: { language: string; words: readonly string[] },
): Promise<SynonymGroup> {
  const group = readGroup(language, words)
  if ((await countSynonyms(tx)) >= mostGroups)
    throw invalidField('/body/words', 'search.synonyms_full', { most: mostGroups })
  const id = uuidv7(tx.now.getTime())
  await insertSynonyms(tx, { id, language, ...group })
  return { id, language, words: group.words }
}

/** @throws Problem not_found; invalid as `addSynonyms` */
export async function changeSynonyms(tx: Tx, id: string, words: readonly string[]): Promise<SynonymGroup> {
  const { language } = await getSynonyms(tx, id)
  const group = readGroup(language, words)
  await updateSynonyms(tx, { id, language, ...group })
  return { id, language, words: group.words }
}

/** @throws Problem not_found */
export async function removeSynonyms(tx: Tx, id: string): Promise<void> {
  if (!(await deleteSynonyms(tx, id))) throw new Problem('not_found', 'platform.not_found')
}

/** By key, the oldest first. */
export async function listSynonyms(
  db: Db,
  page: { language: string; after?: string; limit: number },
): Promise<SynonymGroup[]> {
  return listSynonymGroups(db, page)
}

/** @throws Problem not_found */
export async function getSynonyms(db: Db, id: string): Promise<SynonymGroup> {
  const group = await findSynonymGroup(db, id)
  if (!group) throw new Problem('not_found', 'platform.not_found')
  return group
}

/** What the words and phrases of a question mean otherwise, by their stems. */
export async function meaningsOf(db: Db, question: Question, tried: TriedSynonyms = {}): Promise<Synonyms> {
  const groups = await listMeanings(db, question.language, phrasesOf(question), tried.without)
  if (tried.words) groups.push(readGroup(question.language, tried.words).stems)
  return meaningsAmong(question, groups)
}

/** Words as they are kept, with their stems. Those that differ in their endings only are one: they mean the same anyway. */
function readGroup(language: string, given: readonly string[]): { words: string[]; stems: string[] } {
  const words = [...new Set(given.map((word) => word.trim()))]
  const stems = words.map((word) => stemsOfPhrase(language, word))
  const wrong = stems.findIndex((stem) => stem === '' || stem.split(' ').length > longestPhrase)
  if (wrong >= 0) throw invalidField(`/body/words/${wrong}`, 'search.synonym_phrase', { most: longestPhrase })
  if (new Set(stems).size < 2 || words.length > mostWords)
    throw invalidField('/body/words', 'search.synonyms_count', { most: mostWords })
  return { words, stems }
}
