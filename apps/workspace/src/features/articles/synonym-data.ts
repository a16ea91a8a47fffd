import type { Language, SynonymGroup } from '@lahko/contract'
import { api, queries } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { list } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'

/** A group as it is written; `id` is missing as long as it is new. */
export type Writing = { id?: string; language: Language; words: readonly string[] }

export function refreshSynonyms(): Promise<void> {
  return queries.invalidateQueries({ queryKey: ['synonyms'] })
}

/** The words of a field: each on a line of its own, or with commas between them. */
export function wordsIn(text: string): string[] {
  return text
    .split(/[\n,;]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

/** Writes a group. @returns how to take that back */
export async function saveSynonyms({ id, language, words }: Writing): Promise<() => Promise<unknown>> {
  if (id === undefined) {
    const made = await api.synonyms.add({ body: { language, words: [...words] } })
    return () => api.synonyms.remove({ params: { id: made.id } }).finally(refreshSynonyms)
  }
  const before = queries
    .getQueriesData<{ pages: { items: SynonymGroup[] }[] }>({ queryKey: ['synonyms', 'list'] })
    .flatMap(([, data]) => data?.pages.flatMap(({ items }) => items) ?? [])
    .find((one) => one.id === id)
  await api.synonyms.change({ params: { id }, body: { words: [...words] } })
  const old = before?.words ?? [...words]
  return () => api.synonyms.change({ params: { id }, body: { words: old } }).finally(refreshSynonyms)
}

/** Removes a group; for ten seconds it can be added again. */
export async function removeSynonyms({ id, language, words }: SynonymGroup): Promise<void> {
  try {
    await api.synonyms.remove({ params: { id } })
    say(t('articles.synonymsRemoved', { words: list(words) }), () => {
      void api.synonyms.add({ body: { language, words } }).catch(sayFailure).finally(refreshSynonyms)
    })
  } catch (error) {
    sayFailure(error)
  }
  await refreshSynonyms()
}
