/**
 * One search over what modules publish. They write a document for each text in the transaction that publishes it, and
 * read what was found under their own rules: here are only words and ids.
 */
export { removeDocuments, writeDocument, type Audience, type SearchDocument } from './documents.ts'
export { foldingWords } from './folding-words.ts'
export type { Viewer } from './search.queries.ts'
export { search, type Found, type Hit, type Search } from './searching.ts'
export { addSynonyms, listSynonyms, removeSynonyms, type SynonymGroup } from './synonyms.ts'
