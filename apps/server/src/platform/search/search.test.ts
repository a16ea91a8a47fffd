import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { fixedClock } from '../clock.ts'
import { uuidv7 } from '../identifiers.ts'
import { openStore, system, type Scope, type Store } from '../store.ts'
import { testDatabase, type TestDatabase } from '../testing/database.ts'
import { analyze, waysOf } from '../../modules/tickets/testing/ways.ts'
import { countDocuments, foldChanges } from './search.queries.ts'
import {
  addSynonyms,
  changeSynonyms,
  listSynonyms,
  removeDocuments,
  removeSynonyms,
  search,
  writeDocument,
  type Search,
  type SearchDocument,
} from './index.ts'

let database: TestDatabase
let store: Store

before(async () => {
  database = await testDatabase()
  store = openStore(database.app, fixedClock('2026-11-20T10:00:00Z'), () => undefined)
})
after(async () => {
  await store.close()
  await database.drop()
})

/** A workspace of its own with some documents, each by its title. */
async function workspace(...documents: Partial<SearchDocument>[]) {
  const scope: Scope = { workspaceId: uuidv7(), actor: system }
  const ids = new Map<string, string>()
  const write = (document: Partial<SearchDocument>) =>
    store.write(scope, (tx) => {
      const whole = {
        kind: 'article',
        language: 'en',
        title: '',
        body: '',
        audience: 'public',
        organisations: [],
      } as const
      const subjectId = document.subjectId ?? ids.get(document.title!) ?? uuidv7()
      ids.set(document.title!, subjectId)
      return writeDocument(tx, { ...whole, ...document, subjectId })
    })
  await store.write(scope, (tx) =>
    sql`insert into workspaces (workspace_id, slug, name, language, time_zone, created_at)
      values (${scope.workspaceId}, ${scope.workspaceId}, 'Shop', 'en', 'UTC', now())`.execute(tx.kysely),
  )
  for (const document of documents) await write(document)
  const fold = () => store.write(scope, (tx) => foldChanges(tx, 100))
  if (documents.length > 0) await fold()
  const titleOf = (id: string) => [...ids].find(([, other]) => other === id)![0]
  const found = (text: string, more: Partial<Search> = {}) =>
    store.read(scope, (db) =>
      search(db, { text, languages: ['en'], viewer: { signedIn: false, organisationIds: [] }, limit: 10, ...more }),
    )
  return {
    scope,
    ids,
    write,
    found,
    titles: async (text: string, more: Partial<Search> = {}) =>
      (await found(text, more)).hits.map(({ subjectId }) => titleOf(subjectId)),
    counts: (...terms: string[]) => store.read(scope, (db) => countDocuments(db, 'en', ['', ...terms])),
    fold,
  }
}

test('what fits best comes first: a title before a text, and rare words before common ones', async () => {
  const { titles } = await workspace(
    { title: 'Return a parcel', body: 'Print the label.' },
    { title: 'Delivery times', body: 'A parcel takes two days. A parcel to Norway takes five.' },
    { title: 'Gift card', body: 'Valid for two years.' },
  )
  assert.deepEqual(await titles('parcel'), ['Return a parcel', 'Delivery times'])
  assert.equal((await titles('How long is a gift valid?'))[0], 'Gift card')
  assert.deepEqual(await titles('nothing of this kind'), [])
  for (const odd of ['', '???', "'", '"', '\\', '&!|:*', '<->', '\u0000'.replace('\u0000', ' '), 'a'.repeat(5_000)])
    await titles(odd)
})

test('a question without accents or with a slip finds the same, and says what it took it for', async () => {
  const sl = await workspace(
    { language: 'sl', title: 'Zavrnjeno plačilo', body: 'Računa ni mogoče plačati s to kartico.' },
    { language: 'sl', title: 'Darilni bon', body: 'Velja dve leti.' },
  )
  const own = { languages: ['sl'] }
  assert.deepEqual(await sl.titles('racuna ne morem placati', own), ['Zavrnjeno plačilo'])
  assert.deepEqual(await sl.titles('darlini', own), ['Darilni bon'])
  assert.equal((await sl.found('darlini bon', own)).corrected, 'darilni bon')
  assert.equal((await sl.found('darilni bon', own)).corrected, undefined)
})

test('Norwegian words that are made of others are found by these, and the other way round', async () => {
  const { titles } = await workspace(
    { language: 'nb', title: 'Pakkesporing', body: 'Du får et nummer.' },
    { language: 'nb', title: 'Gavekort', body: 'Et kort som gave.' },
    { language: 'nb', title: 'Frakt', body: 'Hva koster frakten? Kostnader per land.' },
  )
  const own = { languages: ['nb'] }
  assert.deepEqual(await titles('sporing', own), ['Pakkesporing'])
  assert.deepEqual(await titles('fraktkostnader', own), ['Frakt'])
})

test('the last word may be the beginning of one while somebody types, and only then', async () => {
  const { titles } = await workspace({ title: 'Instalments' }, { title: 'Delivery' })
  assert.deepEqual(await titles('inst', { prefix: true }), ['Instalments'])
  assert.deepEqual(await titles('inst'), [])
})

test('words in quotes must follow each other', async () => {
  const { titles } = await workspace(
    { title: 'Refunds', body: 'Your money comes back. You get your money back.' },
    { title: 'Late', body: 'Come back with your money.' },
  )
  assert.deepEqual((await titles('money back')).toSorted(), ['Late', 'Refunds'])
  assert.deepEqual(await titles('"money back"'), ['Refunds'])
  assert.deepEqual(await titles('“Money  BACK” your'), ['Refunds'])
})

test('what means the same to the workspace is found, phrases too', async () => {
  const { titles, scope, ids } = await workspace({ title: 'Refund' }, { title: 'Delivery' })
  assert.deepEqual(await titles('zorkmid'), [])
  const { id } = await store.write(scope, (tx) =>
    addSynonyms(tx, { language: 'en', words: ['refund', 'zorkmids', 'blue moon'] }),
  )
  assert.deepEqual(await titles('zorkmid'), ['Refund'])
  assert.deepEqual(await titles('once in a blue moon'), ['Refund'])
  assert.deepEqual(await titles('moon'), [])
  const page = await store.read(scope, (db) => listSynonyms(db, { language: 'en', limit: 10 }))
  assert.deepEqual(page, [{ id, language: 'en', words: ['refund', 'zorkmids', 'blue moon'] }])
  // Tried out, nothing is kept.
  const tried = { words: ['delivery', 'crumhorn'], without: id }
  assert.deepEqual(await titles('crumhorn', { tried }), ['Delivery'])
  assert.deepEqual(await titles('zorkmid', { tried }), [])
  assert.deepEqual(await titles('crumhorn'), [])
  await store.write(scope, (tx) => changeSynonyms(tx, id, ['refund', 'crumhorn']))
  assert.deepEqual(await titles('crumhorn'), ['Refund'])
  await store.write(scope, (tx) => removeSynonyms(tx, id))
  await assert.rejects(
    store.write(scope, (tx) => removeSynonyms(tx, id)),
    /not_found/,
  )
  assert.deepEqual(await titles('zorkmid'), [])
  for (const words of [['one'], ['one', 'ones'], ['one', 'a b c d e'], ['one', '?']])
    await assert.rejects(
      store.write(scope, (tx) => addSynonyms(tx, { language: 'en', words })),
      /invalid/,
    )
  assert.equal(ids.size, 2)
})

test('one’s own language comes first, others after it', async () => {
  const { found, ids } = await workspace(
    { title: 'Vipps', language: 'nb', body: 'Vipps Vipps' },
    { title: 'Paying', body: 'Also by vipps.' },
  )
  const { hits } = await found('vipps', { languages: ['en', 'sl', 'nb'] })
  assert.deepEqual(
    hits.map(({ language, subjectId }) => [language, subjectId]),
    [
      ['en', ids.get('Paying')],
      ['nb', ids.get('Vipps')],
    ],
  )
})

test('nobody finds what is not for them', async () => {
  const [ours, theirs] = [uuidv7(), uuidv7()]
  const { titles, write } = await workspace(
    { title: 'Parcel for all' },
    { title: 'Parcel for members', audience: 'signed-in' },
    { title: 'Parcel for us', audience: 'organisations', organisations: [ours, uuidv7()] },
  )
  const seen = async (viewer: Search['viewer']) => (await titles('parcel', { viewer })).toSorted()
  const all = ['Parcel for all', 'Parcel for members', 'Parcel for us']
  assert.deepEqual(await seen({ signedIn: false, organisationIds: [] }), all.slice(0, 1))
  // Without a session no organisation counts.
  assert.deepEqual(await seen({ signedIn: false, organisationIds: [ours] }), all.slice(0, 1))
  assert.deepEqual(await seen({ signedIn: true, organisationIds: [] }), all.slice(0, 2))
  assert.deepEqual(await seen({ signedIn: true, organisationIds: [theirs] }), all.slice(0, 2))
  assert.deepEqual(await seen({ signedIn: true, organisationIds: [ours] }), all)
  assert.deepEqual(await seen('member'), all)
  await write({ title: 'Parcel for all', audience: 'organisations', organisations: [theirs] })
  assert.deepEqual(await seen({ signedIn: false, organisationIds: [] }), [])
})

test('a slip is not put right by a word of what somebody may not see', async () => {
  const { found } = await workspace(
    { title: 'Tent poles' },
    { title: 'Wombat prices', audience: 'organisations', organisations: [uuidv7()] },
  )
  for (const text of ['wombta', 'tent wombta']) {
    assert.equal((await found(text, { viewer: { signedIn: true, organisationIds: [] } })).corrected, undefined, text)
    assert.equal((await found(text, { viewer: 'member' })).corrected, text.replace('wombta', 'wombat'))
  }
})

test('kinds can be chosen, and other workspaces are never searched', async () => {
  const first = await workspace({ title: 'Parcel' }, { title: 'Parcel thread', kind: 'thread' })
  const second = await workspace({ title: 'Another parcel' })
  assert.deepEqual(await first.titles('parcel', { kinds: ['thread'] }), ['Parcel thread'])
  assert.deepEqual(await second.titles('parcel'), ['Another parcel'])
  assert.deepEqual(
    await second.counts('parcel'),
    new Map([
      ['', 1],
      ['parcel', 1],
    ]),
  )
})

test('what is removed is gone in the same transaction, and what was not committed never was', async () => {
  const { scope, ids, titles, write } = await workspace({ title: 'Parcel' }, { title: 'Parcel', language: 'nb' })
  const subjectId = ids.get('Parcel')!
  const within = (language: string | undefined) =>
    store.write(scope, async (tx) => {
      await removeDocuments(tx, { kind: 'article', subjectId, ...(language ? { language } : {}) })
      const viewer = { signedIn: false, organisationIds: [] }
      return (await search(tx, { text: 'parcel', languages: ['en', 'nb'], viewer, limit: 5 })).hits.length
    })
  assert.equal(await within('nb'), 1)
  assert.deepEqual(await titles('parcel', { languages: ['en', 'nb'] }), ['Parcel'])
  assert.equal(await within(undefined), 0)
  await write({ title: 'Parcel' })
  const broken = store.write(scope, async (tx) => {
    await removeDocuments(tx, { kind: 'article', subjectId })
    throw new Error('broken')
  })
  await assert.rejects(broken, /broken/)
  assert.deepEqual(await titles('parcel'), ['Parcel'])
})

test('words count at once and the same after they are added up, whatever was written in between', async () => {
  const { counts, fold, write, scope, ids } = await workspace(
    { title: 'Parcel', body: 'A box that is sent.' },
    { title: 'Boxes', body: 'The boxes.' },
  )
  const check = async (wanted: Record<string, number>) => {
    const terms = Object.keys(wanted)
    const now = await counts(...terms)
    assert.deepEqual(Object.fromEntries(terms.map((term) => [term, now.get(term) ?? 0])), wanted)
  }
  const first = { '': 2, box: 2, '=boxes': 1, '^box': 1, parcel: 1, sent: 1 }
  await check(first)
  assert.equal(await fold(), 0)
  await write({ title: 'Parcel', body: 'A parcel that is sent.' })
  await write({ title: 'Parcel', body: 'A parcel that is sent.' })
  const second = { ...first, box: 1 }
  await check(second)
  assert.equal(await fold(), 1)
  await check(second)
  await store.write(scope, (tx) => removeDocuments(tx, { kind: 'article', subjectId: ids.get('Boxes')! }))
  const third = { '': 1, box: 0, '=boxes': 0, '^box': 0, parcel: 1, sent: 1 }
  await check(third)
  await fold()
  await check(third)
  assert.equal(await fold(), 0)
})

test('publishers wait for nobody, and counts are right after they published at once', { timeout: 20_000 }, async () => {
  const { scope, counts, fold } = await workspace({ title: 'Parcel' })
  const document = { kind: 'article', language: 'en', body: '', audience: 'public', organisations: [] } as const
  const other = uuidv7()
  await store.write(scope, async (outer) => {
    await writeDocument(outer, { ...document, subjectId: uuidv7(), title: 'Parcel box' })
    // Commits while the first still goes on.
    await store.write(scope, (tx) => writeDocument(tx, { ...document, subjectId: other, title: 'Parcel box' }))
    await fold()
  })
  const both = await Promise.all(
    ['Parcel one', 'Parcel two'].map((title) =>
      store.write(scope, (tx) => writeDocument(tx, { ...document, subjectId: other, title })),
    ),
  )
  assert.equal(both.length, 2)
  await Promise.all([fold(), fold()])
  const now = await counts('parcel', 'box', 'one', 'two')
  assert.deepEqual([now.get(''), now.get('parcel'), now.get('box')], [3, 3, 1])
  assert.equal((now.get('one') ?? 0) + (now.get('two') ?? 0), 1)
})

test('the application goes by the indexes, however many documents there are', async () => {
  const { scope, found } = await workspace()
  const { scope: other } = await workspace()
  for (const one of [other, scope]) await writeMany(one, 10_000)
  await analyze(database, ['search_documents', 'search_words'])
  // Changes that wait and synonyms are few: reading them all is nothing.
  const ways = (text: string, more: Partial<Search> = {}) =>
    store.read(scope, (db) =>
      waysOf(db, ['search_documents', 'search_words'], async () => {
        const viewer = { signedIn: false, organisationIds: [] }
        const { hits } = await search(db, { text, languages: ['en'], viewer, limit: 10, ...more })
        assert.ok(hits.length > 0, text)
      }),
    )
  const known = ['search_documents_terms', 'search_words_pkey']
  assert.deepEqual(await ways('seldom xylophone half'), known)
  assert.deepEqual(await ways('word77 half'), known)
  assert.deepEqual(await ways('half'), known)
  const unknown = ['search_documents_terms', 'search_words_alike', 'search_words_pkey']
  assert.deepEqual(await ways('xylofone'), unknown)
  assert.deepEqual(await ways('xyloph', { prefix: true }), unknown)
  assert.equal((await found('xylophone')).hits.length, 2)
})

/** Documents in which one word is in two, one in each hundredth, one in every second, and 300 others. */
async function writeMany({ workspaceId }: Scope, many: number): Promise<void> {
  const client = new pg.Client(database.owner)
  await client.connect()
  await client.query(
    `insert into search_documents (workspace_id, kind, subject_id, language, audience, terms, length)
     select $1, 'article', gen_random_uuid(), 'en', 'public', array_to_tsvector(array_remove(array[
       'word' || n % 300, case when n % 2 = 0 then 'half' end, case when n % 100 = 0 then 'seldom' end,
       case when n % 5000 = 1 then 'xylophon' end, case when n % 5000 = 1 then '=xylophone' end], null)), 3
     from generate_series(1, $2::integer) n`,
    [workspaceId, many],
  )
  await client.query(
    `insert into search_words (workspace_id, language, term, documents)
     select $1::uuid, 'en', word, ndoc from ts_stat($2) union all select $1::uuid, 'en', '', $3::integer
     union all select $1::uuid, 'en', '=' || md5(n::text), 1 from generate_series(1, $3::integer) n`,
    [workspaceId, `select terms from search_documents where workspace_id = '${workspaceId}'`, many],
  )
  await client.end()
}
