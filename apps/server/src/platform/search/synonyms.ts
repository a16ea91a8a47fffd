import { uuidv7 } from '../identifiers.ts'
import { invalidField } from '../problem.ts'
import type { Db, Tx } from '../store.ts'
import { longestPhrase, meaningsAmong, phrasesOf, stemsOfPhrase } from './phrases.ts'
import type { Question } from './question.ts'
import { countSynonyms, deleteSynonyms, insertSynonyms, listMeanings, listSynonymGroups } from './synonyms.queries.ts'
import type { Synonyms } from './weighing.ts'

/** Words and phrases that mean the same to a workspace, in one language. */
export type SynonymGroup = { id: string; language: string; words: string[] }

const mostGroups = 1_000
const mostWords = 20

/**
 * Says that words mean the same: a question with one of them finds what has another.
 * @param words at least two, each of at most four words
 * @throws Problem invalid `search.synonyms_count`, `search.synonym_phrase`, `search.synonyms_full`
 */
export async function addSynonyms(tx: Tx, group: { language: string; words: readonly string[] }): Promise<string> {
  const { language } = group
  const words = [...new Set(group.words.map((word) => word.trim()))]
  const stems = words.map((word) => stemsOfPhrase(language, word))
  if (words.length < 2 || words.length > mostWords)
    throw invalidField('/words', 'search.synonyms_count', { most: mostWords })
  const wrong = stems.findIndex((stem) => stem === '' || stem.split(' ').length > longestPhrase)
  if (wrong >= 0) throw invalidField(`/words/${wrong}`, 'search.synonym_phrase', { most: longestPhrase })
  if ((await countSynonyms(tx)) >= mostGroups)
    throw invalidField('/words', 'search.synonyms_full', { most: mostGroups })
  const id = uuidv7(tx.now.getTime())
  await insertSynonyms(tx, { id, language, words, stems })
  return id
}

/** @returns false when there is no such group */
export async function removeSynonyms(tx: Tx, id: string): Promise<boolean> {
  return deleteSynonyms(tx, id)
}

/** By key, the oldest first. */
export async function listSynonyms(db: Db, page: { after?: string; limit: number }): Promise<SynonymGroup[]> {
  return listSynonymGroups(db, page)
}

/** What the words and phrases of a question mean otherwise, by their stems. */
export async function meaningsOf(db: Db, question: Question): Promise<Synonyms> {
  return meaningsAmong(question, await listMeanings(db, question.language, phrasesOf(question)))
}
