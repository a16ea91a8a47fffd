import { termsOf } from '../../apps/server/src/platform/search/documents.ts'
import { search } from '../../apps/server/src/platform/search/index.ts'
import type { Scope } from '../../apps/server/src/platform/store.ts'
import { languages, readArticles, readQuestions, type Language } from './relevance.ts'
import { newWorkspace, type Stage } from './stage.ts'

/** A workspace of many documents in one language: sentences of the demo's articles, put together anew, seeded. */
export async function fillLarge(
  { store, owner }: Pick<Stage, 'store' | 'owner'>,
  language: Language,
  many: number,
): Promise<Scope> {
  const scope = await newWorkspace(store)
  const articles = readArticles(language)
  const titles = articles.map(({ title, summary }) => termsOf({ language, title, keywords: summary, body: '' }))
  const sentences = articles
    .flatMap(({ body }) => body.split(/(?<=[.!?])\s+|\n+/).filter((one) => one.trim().length > 10))
    .map((body) => termsOf({ language, title: '', body }))
  await owner.query('create or replace aggregate joined (tsvector) (sfunc = tsvector_concat, stype = tsvector)')
  for (const [table, all] of Object.entries({ some_titles: titles, some_sentences: sentences })) {
    await owner.query(`drop table if exists ${table}`)
    await owner.query(
      `create table ${table} as select (n - 1)::integer as n, terms::tsvector, length
       from unnest($1::text[], $2::integer[]) with ordinality t(terms, length, n)`,
      [all.map(({ terms }) => terms), all.map(({ length }) => length)],
    )
  }
  // Sorting each document into the index would take longer than making it at the end.
  await owner.query('drop index search_documents_terms')
  await owner.query('select setseed(0.5)')
  await owner.query(
    `insert into search_documents (workspace_id, kind, subject_id, language, audience, terms, length)
     select $1::uuid, 'article', gen_random_uuid(), $2, 'public', t.terms || b.terms, t.length + b.length
     from (
       select p.d, joined(s.terms) as terms, sum(s.length) as length from (
         select d, floor(random() * $4)::integer as n from generate_series(1, $3::integer) d
         cross join lateral generate_series(1, 8 + d % 10)) p
       join some_sentences s on s.n = p.n group by p.d) b
     join some_titles t on t.n = (hashint4(b.d) & 1073741823) % $5::integer`,
    [scope.workspaceId, language, many, sentences.length, titles.length],
  )
  await owner.query(
    `create index search_documents_terms on search_documents using gin (workspace_id, language, terms)
     with (fastupdate = off)`,
  )
  await owner.query(
    `insert into search_words (workspace_id, language, term, documents)
     select $1::uuid, $2, word, ndoc from ts_stat($3) union all select $1::uuid, $2, '', $4::integer`,
    [
      scope.workspaceId,
      language,
      `select terms from search_documents where workspace_id = '${scope.workspaceId}'`,
      many,
    ],
  )
  await owner.query('vacuum analyze search_documents')
  await owner.query('vacuum analyze search_words')
  return scope
}

/** Questions of exactly so many words, the beginnings of those that people asked. */
export function questionsOfWords(language: Language, words: number): string[] {
  const { answerable, off, near } = readQuestions(language)
  return [...Object.values(answerable).flat(), ...off, ...near]
    .map((question) => question.split(/\s+/))
    .filter((all) => all.length >= words)
    .map((all) => all.slice(0, words).join(' '))
}

/** Milliseconds of each question, in its own transaction, after some that do not count. */
export async function timeQuestions(stage: Stage, scope: Scope, language: Language, questions: readonly string[]) {
  const viewer = { signedIn: false, organisationIds: [] }
  const all = [language, ...languages.filter((other) => other !== language)]
  const times: number[] = []
  for (const [at, text] of [...questions.slice(0, 20), ...questions].entries()) {
    const began = performance.now()
    await stage.store.read(scope, (db) => search(db, { text, languages: all, viewer, limit: 10 }))
    if (at >= 20) times.push(performance.now() - began)
  }
  return times
}
