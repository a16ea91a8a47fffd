import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import type { Article } from '@lahko/contract/articles'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { system, type Scope } from '#platform/store.ts'
import { helpFiles } from '../../demo/help.ts'
import { newWorkspace, type Visitor } from '../../testing/visitor.ts'
import { isText, type OtherFile, type TextFile } from './article-files.ts'
import { exportArticles } from './exporting.ts'
import { importArticles, type Became } from './importing.ts'

let house: TestHouse
let owner: Visitor
let scope: Scope

before(async () => {
  house = await testHouse()
  const made = await newWorkspace(house, 'acme')
  owner = made.owner
  scope = { workspaceId: made.id, actor: system }
})
after(() => house.close())

const bring = (files: (TextFile | OtherFile)[], drafts = false) =>
  house.store.write(scope, (tx) => importArticles(tx, files, { drafts }))
const written = () =>
  house.store.read(scope, async (db) => {
    const files: TextFile[] = []
    for await (const one of exportArticles(db)) if (isText(one)) files.push(one)
    return files
  })
const became = ({ outcomes }: Awaited<ReturnType<typeof bring>>, what: Became) =>
  outcomes.filter((one) => one.became === what).map(({ path }) => path)
async function articleCalled(slug: string): Promise<Article> {
  const { items } = (await owner.ask('GET', '/articles?limit=200')).json() as { items: Article[] }
  return items.find((one) => one.slug === slug)!
}
const byPath = (a: TextFile, b: TextFile) => (a.path < b.path ? -1 : 1)
const file = (path: string, title: string, body = 'Text', more = '') => ({
  ...{ path, text: `---\ntitle: ${title}\nsummary: s\n${more}---\n${body}\n` },
})

test('the shop’s folder comes in within seconds, is written out the same, and comes in again as nothing new', async () => {
  const files = helpFiles()
  const start = process.cpuUsage()
  const first = await bring(files)
  // Of our own work: how fast a busy machine's disk is, is no matter of ours.
  const { user, system: kernel } = process.cpuUsage(start)
  const seconds = (user + kernel) / 1e6
  assert.deepEqual([became(first, 'new').length, became(first, 'refused'), first.warnings], [252, [], []])
  assert.ok(seconds < 3, `${seconds} s`)
  const again = await bring(files)
  assert.deepEqual([became(again, 'same').length, again.outcomes.length], [252, 252])
  assert.deepEqual((await written()).toSorted(byPath), files.toSorted(byPath))
  const { items } = (await owner.ask('GET', '/articles?limit=200')).json() as { items: Article[] }
  assert.equal(items.length, 84)
  assert.ok(items.every(({ translations }) => translations.every(({ published }) => published?.number === 1)))
})

test('words that readers may use come and go with the file, find the article, and stay where a file has none', async () => {
  await bring([file('boots/wide-boots.md', 'Boots', 'Text', 'keywords: pinching toes, bunion\n')])
  const found = async () => (await owner.ask('GET', '/articles/search?q=bunion&language=en')).body
  assert.match(await found(), /wide-boots/)
  assert.doesNotMatch((await owner.ask('GET', '/help/en/wide-boots')).body, /bunion/)
  const text = (await written()).find(({ path }) => path.includes('wide-boots'))!.text
  assert.match(text, /^keywords: pinching toes, bunion$/m)
  assert.deepEqual(became(await bring([file('boots/wide-boots.md', 'Boots')]), 'same').length, 1)
})

test('a folder comes in by the API too, with its pictures, and as drafts where publishing needs an approval', async () => {
  const drawn = sharp({ create: { width: 60, height: 40, channels: 3, background: '#a20' } })
  const content = (await drawn.png().toBuffer()).toString('base64')
  const send = async (files: object[]) => {
    const reply = await owner.ask('POST', '/article-imports', { files })
    assert.equal(reply.statusCode, 200, reply.body)
    return reply.json() as { counts: object; refused: { path: string; code: string; text: string }[] }
  }
  const files = [
    file('waxing/wax-boots.en.md', 'Wax', '![A tin](tin.png)'),
    { path: 'waxing/tin.png', content },
    { path: 'waxing/odd.txt', text: 'x' },
    { path: 'waxing/page.html', text: '<h1>Page</h1><main>x</main>' },
  ]
  const first = await send(files)
  assert.deepEqual(first.counts, { new: 1, changed: 0, same: 0, refused: 2 })
  assert.deepEqual([first.refused[0]?.path, first.refused[0]?.code], ['waxing/odd.txt', 'articles.file_no_markdown'])
  assert.match(first.refused[0]!.text, /Markdown/)
  assert.deepEqual(
    [first.refused[1]?.path, first.refused[1]?.code],
    ['waxing/page.html', 'articles.file_html_by_command'],
  )
  assert.deepEqual((await send(files)).counts, { new: 0, changed: 0, same: 1, refused: 2 })
  assert.match(
    (await owner.ask('GET', '//help/en/wax-boots')).body,
    /<img src="[^"]+" width="60" height="40" alt="A tin"/,
  )
  await owner.ask('PUT', '/article-rules', { approvalNeeded: true })
  await send([file('waxing/wax-laces.en.md', 'Wax laces')])
  assert.equal((await articleCalled('wax-laces')).translations[0]?.published, null)
  await owner.ask('PUT', '/article-rules', { approvalNeeded: false })
})

test('what changed is published anew; what moved is moved, and what was edited here is left alone', async () => {
  const files = [file('care/wash.en.md', 'Wash'), file('care/wash.sl.md', 'Pranje'), file('care/dry.en.md', 'Dry')]
  await bring(files)
  const changed = [file('care/wash.en.md', 'Wash it'), files[1]!, file('drying/dry.en.md', 'Dry')]
  const report = await bring(changed)
  assert.deepEqual(
    [became(report, 'changed'), became(report, 'same')],
    [['care/wash.en.md', 'drying/dry.en.md'], ['care/wash.sl.md']],
  )
  const wash = await articleCalled('wash')
  const draft = { title: 'Washing', body: 'By hand.', revision: 2 }
  assert.equal((await owner.ask('PUT', `/articles/${wash.id}/translations/en`, draft)).statusCode, 200)
  const [refused] = (await bring([file('care/wash.en.md', 'Wash otherwise')])).outcomes
  assert.deepEqual([refused?.became, refused?.said?.code], ['refused', 'articles.file_edited_here'])
})

test('an audience is given by the folder, kept by the export, and never widened by leaving it out', async () => {
  const head = 'audience: organisations\norganisations: ["Planina"]\nreview: 2027-01-31\n'
  await bring([file('prices/partners.sl.md', 'Prices', 'x', head)])
  const find = () => articleCalled('partners')
  const { audience, organisations, reviewOn } = await find()
  assert.deepEqual([audience, organisations, reviewOn], ['organisations', ['Planina'], '2027-01-31'])
  const exported = (await written()).find(({ path }) => path === 'prices/partners.sl.md')!
  assert.equal(exported.text, file('prices/partners.sl.md', 'Prices', 'x', head).text)
  await bring([file('prices/partners.sl.md', 'Prices now', 'x')])
  assert.equal((await find()).audience, 'organisations')
  assert.deepEqual(became(await bring([exported]), 'changed'), ['prices/partners.sl.md'])
})

test('drafts stay drafts, in the folder too', async () => {
  await bring([file('later/soon.en.md', 'Soon')], true)
  const exported = (await written()).find(({ path }) => path === 'later/soon.en.md')!
  assert.match(exported.text, /^published: no$/m)
  assert.deepEqual(became(await bring([exported]), 'same'), ['later/soon.en.md'])
  assert.equal((await owner.ask('GET', '//help/en/soon')).statusCode, 404)
})

test('each file that is not taken is named with its reason; the others are taken', async () => {
  const report = await bring([
    file('good/one.en.md', 'One', '[a](two.md) ![p](q.png)'),
    file('good/one.de.md', 'Eins'),
    file('bad/one.sl.md', 'Eno'),
    file('Bad folder/two.en.md', 'Two'),
    file('three.en.md', 'Three'),
    file('good/care.en.md', 'An address of a collection'),
    { path: 'good/four.en.md', text: 'no head' },
    { path: 'good/notes.txt', read: async () => Buffer.from('x') },
    { path: 'good/collection.json', text: '{' },
  ])
  const said = Object.fromEntries(report.outcomes.map(({ path, said: why }) => [path, why?.code.split('.file_')[1]]))
  assert.deepEqual(said, {
    'Bad folder/two.en.md': 'folder_name',
    'bad/one.sl.md': 'twice',
    'good/care.en.md': 'slug_taken',
    'good/collection.json': 'not_collection',
    'good/four.en.md': 'without_head',
    'good/one.de.md': 'language',
    'good/one.en.md': undefined,
    'good/notes.txt': 'no_markdown',
    'three.en.md': 'without_folder',
  })
  assert.deepEqual(
    report.warnings.map(({ code }) => code),
    ['articles.file_dead_link', 'articles.file_picture'],
  )
})

test('two folders of one name are two collections, each time the same', async () => {
  const files = [file('alpha/when/a1.en.md', 'A'), file('omega/when/o1.en.md', 'O')]
  await bring(files)
  assert.deepEqual(became(await bring(files), 'same').length, 2)
  const { items } = (await owner.ask('GET', '/article-collections')).json() as { items: { slug: string }[] }
  assert.equal(items.filter(({ slug }) => slug.startsWith('when')).length, 3, 'with the shop’s own')
})
