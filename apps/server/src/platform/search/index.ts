/**
 * One search over what modules publish. They write a document for each text in the transaction that publishes it, and
 * read what was found under their own rules: here are only words and ids.
 */
export { removeDocuments, writeDocument, type Audience, type SearchDocument } from './documents.ts'
export { findAmong } from './few-texts.ts'
export { foldingWords } from './folding-words.ts'
export { masked } from './masking.ts'
export { sameQuestion } from './same-question.ts'
export type { Viewer } from './search.queries.ts'
export { search, type Found, type Hit, type Search } from './searching.ts'
export {
  addSynonyms,
  changeSynonyms,
  getSynonyms,
  listSynonyms,
  mostGroups,
  removeSynonyms,
  type SynonymGroup,
  type TriedSynonyms,
} from './synonyms.ts'
