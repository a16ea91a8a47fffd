import { languages, type Language } from '@lahko/contract/values'
import { search, type TriedSynonyms } from '#platform/search/index.ts'
import type { Db } from '#platform/store.ts'
import { listFound, type Listed, type Reader } from './help.queries.ts'
import { organisationId, searchKind } from './publishing.ts'

export type Answers = {
  /** What there is, the best first: of the own language before others, each article once. */
  items: Listed[]
  /** Of these what is likely an answer; where there is none, nothing fits. */
  suggestions: Listed[]
  /** The question as it was understood, where that is not what was written. */
  corrected: string | null
  /** How well the best of them fits: from 1 on it is likely an answer; 0 where nothing was found. */
  fit: number
}

export type Question = {
  text: string
  language: Language
  limit: number
  /** Whether the last word may be unfinished. */
  typing?: boolean
  /** Synonyms that are tried out. */
  tried?: TriedSynonyms
}

/** Articles that answer a question, as far as its reader may see them. */
export async function searchArticles(
  db: Db,
  reader: Reader,
  { text, language, limit, typing = false, tried }: Question,
): Promise<Answers> {
  const found = await search(db, {
    text,
    languages: [language, ...languages.filter((other) => other !== language)],
    viewer: viewerOf(reader),
    kinds: [searchKind],
    // One article is found in each of its languages.
    limit: limit * languages.length,
    prefix: typing,
    ...(tried && { tried }),
  })
  const hits = [...new Map(found.hits.toReversed().map((hit) => [hit.subjectId, hit])).values()].toReversed()
  const wanted = hits.slice(0, limit).map(({ subjectId: id, language: own }) => ({ id, language: own }))
  const items = await listFound(db, reader, wanted)
  const good = new Set(found.suggestions.map(({ subjectId, language: own }) => `${subjectId} ${own}`))
  const suggestions = items.filter(({ id, language: own }) => good.has(`${id} ${own}`))
  const fit = items.length === 0 ? 0 : Math.max(...found.hits.map((hit) => hit.fit))
  return { items, suggestions, corrected: found.corrected ?? null, fit }
}

function viewerOf(reader: Reader) {
  if (reader === 'member') return reader
  return { signedIn: reader.signedIn, organisationIds: reader.organisations.map(organisationId) }
}
