import { sql } from 'kysely'
import type { Db, Tx } from '../store.ts'
import type { SearchDocument } from './documents.ts'
import type { Alike, Counts } from './weighing.ts'

/** Writes one document, and notes the change of each term's count. */
export async function putDocument(
  tx: Tx,
  changeId: string,
  { kind, subjectId, language, audience, organisations }: SearchDocument,
  { terms, length }: { terms: string; length: number },
): Promise<void> {
  await sql`
    select write_search_document(${tx.workspaceId}, ${changeId}, ${kind}, ${subjectId}, ${language}, ${audience},
      ${[...organisations]}::uuid[], ${terms}::tsvector, ${length})`.execute(tx.kysely)
}

export async function deleteDocuments(tx: Tx, what: { kind: string; subjectId: string; language?: string }) {
  await sql`
    select remove_search_documents(${tx.workspaceId}, ${what.kind}, ${what.subjectId},
      ${what.language ?? null})`.execute(tx.kysely)
}

/** Adds what documents changed. @returns how many changes were taken, at most `most` */
export async function foldChanges(tx: Tx, most: number): Promise<number> {
  const { rows } = await sql<{ taken: number }>`
    select fold_search_words(${tx.workspaceId}, ${most}) as taken`.execute(tx.kysely)
  return rows[0]!.taken
}

/** In how many documents of a language each term is, with what was published a moment ago. */
export async function countDocuments(db: Db, language: string, terms: readonly string[]): Promise<Counts> {
  const { rows } = await sql<{ term: string; documents: number }>`
    with wanted as (select term collate "C" as term from unnest(${[...terms]}::text[]) term)
    select each.term, sum(each.documents)::integer as documents from (
      select w.term, w.documents from search_words w
      where w.workspace_id = ${db.workspaceId} and w.language = ${language} and w.term in (select term from wanted)
      union all
      select waiting.term, waiting.more from (
        select unnest(c.added) collate "C" as term, 1 as more from search_word_changes c
        where c.workspace_id = ${db.workspaceId} and c.language = ${language}
        union all
        select unnest(c.removed), -1 from search_word_changes c
        where c.workspace_id = ${db.workspaceId} and c.language = ${language}
      ) waiting where waiting.term in (select term from wanted)
    ) each group by 1`.execute(db.kysely)
  return new Map(rows.map(({ term, documents }) => [term, documents]))
}

/** Words of the vocabulary that are like some, and those that have others in them; those are as like as 0. */
export async function listAlike(
  db: Db,
  language: string,
  { words, parts }: { words: readonly string[]; parts: readonly string[] },
  most: number,
): Promise<Alike[]> {
  if (words.length + parts.length === 0) return []
  const { rows } = await sql<Alike>`
    select given, word, documents, likeness
    from similar_search_words(${language}, ${[...words]}::text[], ${[...parts]}::text[], ${most})`.execute(db.kysely)
  return rows
}

/** Words of the vocabulary that begin like this, the commonest first; each is as like as it is whole. */
export async function listBeginning(db: Db, language: string, beginning: string, most: number): Promise<Alike[]> {
  const { rows } = await sql<Alike>`
    select ${beginning}::text as given, substr(term, 2) as word, documents,
      length(${beginning}::text)::real / (length(term) - 1) as likeness
    from search_words
    where workspace_id = ${db.workspaceId} and language = ${language} and documents > 0
      and term > ${`=${beginning}`} and term < ${`=${beginning}\u{10FFFF}`}
    order by documents desc, term limit ${most}`.execute(db.kysely)
  return rows
}

/** Who may look: a member sees all, others what is public and what is for them. */
export type Viewer = 'member' | { signedIn: boolean; organisationIds: readonly string[] }

/** What selects: documents of a language that match are as likely as all that they match gains. */
export type Probe = { language: string; terms: string; gain: number }
/** What is looked for in a document that was selected, with the group to which it belongs. */
export type WantedTerm = { language: string; group: number; terms: string; weight: number }

/** A document with how well each group is matched in it, from 0 to 1, in the order of the groups of its language. */
export type Candidate = { kind: string; subjectId: string; language: string; length: number; grades: number[] }

export async function listCandidates(
  db: Db,
  asked: { probes: readonly Probe[]; terms: readonly WantedTerm[]; needed: string | null },
  limits: { viewer: Viewer; kinds?: readonly string[]; most: number },
): Promise<Candidate[]> {
  const { viewer, kinds, most } = limits
  const who = viewer === 'member' ? { signedIn: true, organisationIds: [] } : viewer
  const { rows } = await sql<Candidate>`
    select kind, subject_id as "subjectId", language, length, grades
    from search_candidates(${JSON.stringify(asked.probes)}::jsonb, ${JSON.stringify(asked.terms)}::jsonb,
      ${asked.needed}::tsquery, ${kinds ? [...kinds] : null}::text[], ${viewer === 'member'}, ${who.signedIn},
      ${[...who.organisationIds]}::uuid[], ${most})`.execute(db.kysely)
  return rows
}
