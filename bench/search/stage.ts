import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { systemClock } from '../../apps/server/src/platform/clock.ts'
import { openDatabase } from '../../apps/server/src/platform/embedded/index.ts'
import { uuidv7 } from '../../apps/server/src/platform/identifiers.ts'
import { migrate } from '../../apps/server/src/platform/migrations.ts'
import { search, writeDocument, type Found } from '../../apps/server/src/platform/search/index.ts'
import { foldChanges } from '../../apps/server/src/platform/search/search.queries.ts'
import { openStore, system, type Scope, type Store } from '../../apps/server/src/platform/store.ts'
import { languages, readArticles, type Article, type Language } from './relevance.ts'

/** The demo's articles, published in one workspace, and beside them as PostgreSQL alone would search them. */
export type Stage = {
  store: Store
  owner: pg.Client
  scope: Scope
  /** Slugs by id, each article once for all its languages. */
  slugs: ReadonlyMap<string, string>
  close(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'lahko-bench-'))
  // PostgreSQL's own user has to reach it when this runs as root.
  await chmod(folder, 0o755)
  const database = await openDatabase({ dataFolder: join(folder, 'data'), databaseUrl: undefined })
  await migrate(database.owner)
  const store = openStore(database.app, systemClock, () => undefined)
  const owner = new pg.Client(database.owner)
  await owner.connect()
  const scope = await newWorkspace(store)
  const slugs = await publish(store, scope)
  await publishPlainly(owner)
  await owner.query('analyze')
  return {
    ...{ store, owner, scope, slugs },
    async close() {
      await owner.end()
      await store.close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function newWorkspace(store: Store): Promise<Scope> {
  const scope: Scope = { workspaceId: uuidv7(), actor: system }
  await store.write(scope, (tx) =>
    sql`insert into workspaces (workspace_id, slug, name, language, time_zone, created_at)
      values (${scope.workspaceId}, ${scope.workspaceId}, 'Shop', 'en', 'UTC', now())`.execute(tx.kysely),
  )
  return scope
}

async function publish(store: Store, scope: Scope): Promise<Map<string, string>> {
  const ids = new Map(readArticles('en').map(({ slug }) => [slug, uuidv7()]))
  for (const language of languages) {
    await store.write(scope, async (tx) => {
      for (const { slug, title, summary, keywords, headings, body } of readArticles(language)) {
        const text = { language, title, keywords: `${summary}\n${keywords}\n${headings}`, body }
        const about = { kind: 'article', subjectId: ids.get(slug)!, audience: 'public', organisations: [] } as const
        await writeDocument(tx, { ...about, ...text })
      }
    })
  }
  await store.write(scope, (tx) => foldChanges(tx, 1_000))
  return new Map([...ids].map(([slug, id]) => [id, slug]))
}

async function publishPlainly(owner: pg.Client): Promise<void> {
  await owner.query('create table plain_articles (language text, slug text, words tsvector)')
  for (const language of languages) {
    const all = readArticles(language)
    await owner.query(
      `insert into plain_articles select $1, slug, to_tsvector('simple', text) from unnest($2::text[], $3::text[]) t(slug, text)`,
      [language, all.map(({ slug }) => slug), all.map(plainText)],
    )
  }
}

const plainText = ({ title, summary, keywords, body }: Article) => `${title}\n${summary}\n${keywords}\n${body}`

export type Way = 'ours' | 'all words' | 'any word'

/** Slugs in their order, ten at most. */
export async function slugsBy(stage: Stage, way: Way, language: Language, question: string): Promise<string[]> {
  if (way === 'ours') return slugsIn(stage, language, await ask(stage, language, question))
  const plain = `plainto_tsquery('simple', $2)`
  const query = way === 'all words' ? plain : `cast(replace(${plain}::text, '&', '|') as tsquery)`
  const { rows } = await stage.owner.query<{ slug: string }>(
    `select slug from plain_articles, ${query} asked where language = $1 and words @@ asked
     order by ts_rank(words, asked) desc, slug limit 10`,
    [language, question],
  )
  return rows.map(({ slug }) => slug)
}

/** As a visitor who is not signed in, with their own language first. */
export async function ask(
  { store, scope }: Stage,
  language: Language,
  text: string,
  { typing = false } = {},
): Promise<Found> {
  const viewer = { signedIn: false, organisationIds: [] }
  const all = [language, ...languages.filter((other) => other !== language)]
  return store.read(scope, (db) => search(db, { text, languages: all, viewer, limit: 10, prefix: typing }))
}

/** Hits of the asker's language. */
export function slugsIn({ slugs }: Stage, language: Language, { hits }: Found): string[] {
  return hits.filter((hit) => hit.language === language).map(({ subjectId }) => slugs.get(subjectId)!)
}
