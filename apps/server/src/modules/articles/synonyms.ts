import type { SynonymGroup } from '@lahko/contract/synonyms'
import { id as anId, type Language } from '@lahko/contract/values'
import { emit } from '#platform/events.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import {
  addSynonyms,
  changeSynonyms,
  listSynonyms,
  mostGroups,
  removeSynonyms,
  type SynonymGroup as Group,
} from '#platform/search/index.ts'
import type { Db, Tx } from '#platform/store.ts'

type Given = { language: Language; words: readonly string[] }

/** By key, the oldest first. @throws Problem invalid `articles.bad_page` */
export async function list(
  db: Db,
  { language, after, limit }: { language: Language; after?: string; limit: number },
): Promise<{ items: SynonymGroup[]; next: string | null }> {
  if (after !== undefined && !anId.safeParse(after).success) throw invalidField('/query/after', 'articles.bad_page')
  const rows = await listSynonyms(db, { language, limit: limit + 1, ...(after !== undefined && { after }) })
  const shown = rows.slice(0, limit)
  return { items: shown.map(viewGroup), next: rows.length > limit ? shown.at(-1)!.id : null }
}

/** @throws Problem invalid at its words */
export async function add(tx: Tx, given: Given): Promise<SynonymGroup> {
  const group = await addSynonyms(tx, given)
  await emit(tx, { type: 'synonyms.added', subjectId: group.id })
  return viewGroup(group)
}

/** @throws Problem not_found; invalid at its words */
export async function change(tx: Tx, id: string, words: readonly string[]): Promise<SynonymGroup> {
  const group = await changeSynonyms(tx, id, words)
  await emit(tx, { type: 'synonyms.changed', subjectId: id })
  return viewGroup(group)
}

/** @throws Problem not_found */
export async function remove(tx: Tx, id: string): Promise<void> {
  await removeSynonyms(tx, id)
  await emit(tx, { type: 'synonyms.removed', subjectId: id })
}

/** One group on each line, its words with commas between them. */
export async function textOf(db: Db, language: Language): Promise<string> {
  const groups = await listSynonyms(db, { language, limit: mostGroups })
  return groups.map(({ words }) => `${words.join(', ')}\n`).join('')
}

/**
 * Adds the groups of a text that are not there yet, in whatever order their words are.
 * @throws Problem invalid `articles.synonyms_line`, which names the line; nothing is added then
 */
export async function addText(
  tx: Tx,
  { language, text }: { language: Language; text: string },
): Promise<{ added: number; known: number }> {
  const keyOf = (words: readonly string[]) =>
    words
      .map((word) => word.toLowerCase())
      .toSorted()
      .join('\n')
  const groups = await listSynonyms(tx, { language, limit: mostGroups })
  const there = new Set(groups.map(({ words }) => keyOf(words)))
  const counts = { added: 0, known: 0 }
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const words = line
      .split(/[,;]/)
      .map((word) => word.trim())
      .filter((word) => word !== '')
    if (words.length === 0 || line.trimStart().startsWith('#')) continue
    const isKnown = there.has(keyOf(words))
    if (!isKnown) await add(tx, { language, words }).catch((error: unknown) => Promise.reject(atLine(error, at + 1)))
    there.add(keyOf(words))
    counts[isKnown ? 'known' : 'added']++
  }
  return counts
}

/** What is wrong with a line, in the same words. */
function atLine(error: unknown, line: number): unknown {
  if (!(error instanceof Problem) || error.kind !== 'invalid') return error
  return invalidField('/body/text', `${error.code}_line`, { ...error.args, line })
}

function viewGroup({ id, language, words }: Group): SynonymGroup {
  return { id, language: language as Language, words }
}
