import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import type { Article } from '@lahko/contract/articles'
import { system, type Scope } from '#platform/store.ts'
import { testHouse, type TestHouse } from '#platform/testing/house.ts'
import { newWorkspace, visitor, type Visitor } from '../../testing/visitor.ts'
import type { FolderEntry } from './article-files.ts'
import { decodeHtml } from './html-files.ts'
import { isHtml } from './html-names.ts'
import { importArticles } from './importing.ts'

let house: TestHouse
let owner: Visitor
let guest: Visitor
let scope: Scope

before(async () => {
  house = await testHouse()
  const made = await newWorkspace(house, 'acme')
  owner = made.owner
  guest = visitor(house)
  scope = { workspaceId: made.id, actor: system }
})
after(() => house.close())

const bring = (files: FolderEntry[]) => house.store.write(scope, (tx) => importArticles(tx, files))
const told = ({ outcomes }: Awaited<ReturnType<typeof bring>>) =>
  Object.fromEntries(outcomes.map(({ path, became, said }) => [path, said?.code ?? became]))
const bodyOf = async (slug: string, language = 'en') => {
  const { items } = (await owner.ask('GET', '/articles?limit=200')).json() as { items: Article[] }
  const { id } = items.find((one) => one.slug === slug)!
  return (await owner.ask('GET', `/articles/${id}/translations/${language}`)).json() as Record<string, string>
}
const drawn = (background: string) =>
  sharp({ create: { width: 60, height: 40, channels: 3, background } })
    .png()
    .toBuffer()

// Pages as Zendesk's are fetched: numbers before names, a folder for each language, links by the address of the site.
const numbered = async (): Promise<FolderEntry[]> => [
  {
    path: 'en-us/Orders & Returns/360012345678-Send-it-back.html',
    text: `<!DOCTYPE html><html lang="en-US"><head><title>Send it back – Acme Help</title>
      <meta name="description" content="Within 30 days,
      free of charge."><script>alert(1)</script></head><body><nav><a href="/hc">Help</a></nav>
      <header><h1>Send it back</h1><p>Updated 3 weeks ago</p></header>
      <article><p>Print the <strong>label</strong>, then see <a href="/hc/en-us/articles/360087654321-Pay#cash">how to pay</a>
      or <a href="../Orders%20%26%20Returns/Sizes.html">sizes</a>, or <a href="#top">the top</a>,
      or <a href="javascript:alert(2)">this</a>.</p>
      <p><img src="../../images/my label (1).png" alt="The label" onerror="alert(3)"></p>
      <h2>What it costs</h2><table><thead><tr><th>Where</th><th>Price</th></tr></thead>
      <tbody><tr><td>At home|work</td><td><b>0</b></td></tr></tbody></table>
      <ol><li>Pack it</li><li>Send it</li></ol><pre><code class="language-sh">echo "&lt;b&gt;"</code></pre>
      <iframe src="//www.youtube.com/embed/abcdefghijk" title="How to pack"></iframe>
      <p>&lt;script&gt;alert(4)&lt;/script&gt; <svg onload="alert(5)"></svg></p></article><footer>© Acme</footer></body></html>`,
  },
  {
    path: 'sl/Orders & Returns/360012345678-Vračilo.html',
    text: '<title>Vračilo</title><h1>Vračilo</h1><article><p>Natisnite nalepko.</p></article>',
  },
  {
    path: 'en-us/Orders & Returns/360087654321-Pay.html',
    text: '<title>Pay</title><body><p>By card, or <a href="Gone.html">otherwise</a>.</p></body>',
  },
  { path: 'en-us/Orders & Returns/Sizes.html', text: '<h1>Sizes</h1><main>All of them.</main>' },
  { path: 'images/my label (1).png', read: () => drawn('#a20') },
  { path: 'assets/site.css', read: async () => Buffer.from('a {}') },
]

test('pages with numbers become articles with links, pictures and languages, and once only', async () => {
  const files = await numbered()
  const report = await bring(files)
  assert.deepEqual([...new Set(Object.values(told(report)))], ['new'])
  assert.deepEqual(report.warnings, [{ path: files[2]!.path, code: 'articles.file_dead_link', args: { slug: 'gone' } }])
  const { title, summary, body } = await bodyOf('vracilo')
  assert.deepEqual([title, summary], ['Send it back', 'Within 30 days, free of charge.'])
  assert.match(body!, /see \[how to pay\]\(pay\.md\) or \[sizes\]\(sizes\.md\), or the top,/)
  assert.match(body!, /!\[The label\]\(\/help\/pictures\//)
  assert.match(body!, /## What it costs\n\n\| Where \| Price \|\n\| --- \| --- \|\n\| At home\\\|work \| \*\*0\*\* \|/)
  assert.doesNotMatch(body!, /Acme|Updated|onerror|javascript:alert\(2\)\)$/)
  const { body: page } = await guest.ask('GET', '//help/en/vracilo')
  for (const wanted of ['href="/help/en/pay"', '<td>At home|work</td>', 'data-kind="frame"', 'alt="The label"', '<ol>'])
    assert.ok(page.includes(wanted), wanted)
  const text = page.slice(page.indexOf('<h1'), page.indexOf('</article>'))
  assert.doesNotMatch(text, /<script>alert|<svg onload|onerror=|href="javascript/)
  assert.match((await guest.ask('GET', '//help/sl/vracilo')).body, /Natisnite nalepko/)
  assert.match((await guest.ask('GET', '//help/en')).body, /Orders &amp; Returns/)
  const again = await bring(await numbered())
  assert.deepEqual([...new Set(Object.values(told(again)))], ['same'])
})

test('what was renamed here keeps its name when the folder comes again', async () => {
  const { items } = (await owner.ask('GET', '/article-collections')).json() as { items: { id: string; slug: string }[] }
  const { id } = items.find(({ slug }) => slug === 'orders-returns')!
  await owner.ask('PATCH', `/article-collections/${id}`, { titles: { en: 'Buying' } })
  await bring(await numbered())
  assert.match((await guest.ask('GET', '//help/en')).body, /Buying/)
})

test('pages of Confluence lose what frames them, and name of the space', async () => {
  const inline = (await drawn('#0a2')).toString('base64')
  await bring([
    {
      path: 'KB/Wash-a-jacket_65591.html',
      text: `<html><head><title>Help : Wash a jacket</title></head><body><div id="main"><div id="main-header">
        <ol id="breadcrumbs"><li><a href="index.html">Help</a></li></ol>
        <h1 id="title-heading"><span id="title-text"> Help : Wash a jacket </span></h1></div>
        <div id="content"><div class="page-metadata">Created by Ana</div><div id="main-content">
        <p>At 30 °C.</p><table><tbody><tr><td>Wool</td><td>20</td></tr><tr><td>Down</td></tr></tbody></table>
        <details><summary>Why?</summary>It shrinks.</details>
        <img src="attachments/65591/1.png" alt="Drum"><img src="data:image/png;base64,${inline}" alt="Line">
        </div></div></div></body></html>`,
    },
    { path: 'KB/attachments/65591/1.png', read: () => drawn('#02a') },
  ])
  const { title, body } = await bodyOf('wash-a-jacket', 'sl')
  assert.equal(title, 'Wash a jacket')
  assert.match(
    body!,
    /^At 30 °C\.\n\n\| Wool \| 20 \|\n\| --- \| --- \|\n\| Down \|  \|\n\n\*\*Why\?\*\*\n\nIt shrinks\./,
  )
  assert.equal(body!.match(/\/help\/pictures\//g)?.length, 2)
  assert.doesNotMatch(body!, /Created|Help/)
})

test('links within pages lead to the headings that their places have here, also from other pages', async () => {
  await bring([
    {
      path: 'Tents/Dry-a-tent_70000001.html',
      text: `<h1>Dry a tent</h1><main><div class="toc-macro"><ul><li><a href="#Tent-Poles">Contents</a></li></ul></div>
        <p>See <a href="#Tent-Poles">poles</a>, <a href="#h_01">the end</a>, <a href="#top">the top</a>, <a href="#gone">what is gone</a>,
        <a href="Dry-a-tent_70000001.html#in-it">what is in it</a> and <a href="Glue-boots_70000002.html#glue%20first">glue</a>.</p>
        <h2 id="Tent-Poles">Poles</h2><p>Wipe them.<span id="in-it"></span></p><h2><a name="h_x"></a>Poles</h2><p>x</p>
        <section id="h_01"><p><img src="" alt=""></p><h2>In the end: <em>air</em></h2><p>x</p></section></main>`,
    },
    {
      path: 'Tents/Glue-boots_70000002.html',
      text: `<h1>Glue boots</h1><main><p>Back to <a href="Dry-a-tent_70000001.html#h_x">poles</a> or <a href="Dry-a-tent_70000001.html#no">all</a>.</p>
        <table><tr><td><h2>Glue</h2></td><td>x</td></tr></table><p><a name="glue first"></a></p><h2>Glue</h2><p>x</p></main>`,
    },
  ])
  const { body: tent } = await bodyOf('dry-a-tent', 'sl')
  assert.match(
    tent!,
    /^See \[poles\]\(#poles\), \[the end\]\(#in-the-end-air\), the top, what is gone,\s+\[what is in it\]\(#poles\) and \[glue\]\(glue-boots\.md#glue\)\./,
  )
  const { body: boots } = await bodyOf('glue-boots', 'sl')
  assert.match(boots!, /^Back to \[poles\]\(dry-a-tent\.md#poles-2\) or \[all\]\(dry-a-tent\.md\)\./)
  const { body: page } = await guest.ask('GET', '//help/sl/dry-a-tent')
  for (const id of ['poles', 'poles-2', 'in-the-end-air']) assert.match(page, new RegExp(`<h2 id="${id}">`))
  assert.match(page, /href="\/help\/sl\/glue-boots#glue"/)
})

test('what is framed in pages of others is a callout, in the language of the text', async () => {
  const macro = (kind: string, inside: string) =>
    `<div class="confluence-information-macro confluence-information-macro-${kind}">${inside}</div>`
  const icon = '<span class="aui-icon aui-icon-small confluence-information-macro-icon"></span>'
  const text = [
    macro(
      'information',
      `${icon}<div class="confluence-information-macro-body"><p>Plain <a href="https://x.example/">link</a>.</p><ul><li>One</li></ul></div>`,
    ),
    macro(
      'warning',
      `<p class="title">Mind the down</p>${icon}<div class="confluence-information-macro-body">Cold &lt;b&gt; only.</div>`,
    ),
    '<div class="callout callout--success"><h4 class="callout__title">Tip:</h4><p>Shake it.</p></div>',
    '<p class="wysiwyg-callout"><strong>Important:</strong> Never iron.</p>',
    '<div class="admonition note"><p class="admonition-title">Note</p><p>Of wool.</p></div>',
    '<div class="alert alert-danger"><strong>Hot</strong> water shrinks.</div>',
    '<div class="panel"><div class="panelHeader"><b>Drums</b></div><div class="panelContent"><p>Large ones.</p></div></div>',
    '<div class="code panel pdl"><div class="codeContent panelContent"><pre>wash --cold\n  --wool</pre></div></div>',
    `<div class="panel"><h2>A text</h2><p>x</p><h2>in parts</h2></div>`,
    '<p>A <span class="note">word</span>.</p>',
  ]
  await bring([
    { path: 'Care/en/Callouts.html', text: `<h1>Callouts</h1><main>${text.join('')}</main>` },
    { path: 'Care/sl/Okvirji.html', text: `<h1>Okvirji</h1><main>${text[0]}</main>` },
  ])
  const { body } = await bodyOf('callouts')
  assert.equal(
    body,
    [
      '> **Note** Plain [link](https://x.example/).\n> \n> -   One',
      '> **Warning** Mind the down\n> \n> Cold <b> only.',
      '> **Tip** Shake it.',
      '> **Warning** Never iron.',
      '> **Note** Of wool.',
      '> **Warning** **Hot** water shrinks.',
      '> **Note** **Drums**\n> \n> Large ones.',
      '```\nwash --cold\n  --wool\n```',
      '## A text\n\nx\n\n## in parts',
      'A word.',
    ].join('\n\n'),
  )
  const { body: page } = await guest.ask('GET', '//help/en/callouts')
  assert.equal(page.match(/<div class="banner" role="note"/g)?.length, 7)
  assert.match((await bodyOf('okvirji', 'sl')).body!, /^> \*\*Opomba\*\* Plain/)
})

test('a page in a folder of its own is called by the folder, and each that is not taken says why', async () => {
  const page = (path: string, text = '<h1>T</h1><p>x</p>') => ({ path, text })
  const report = await bring([
    page('care/dry-boots/index.html'),
    page('root.html'),
    page('a1/b2/c3/d4/deep.html'),
    page('care/german.html', '<html lang="de"><h1>T</h1><p>x</p>'),
    page('care/untitled.html', '<p>x</p>'),
    page('care/scripted.html', '<title>T</title><div id="app"></div><script>draw()</script>'),
    page('care/long.html', `<h1>T</h1>${'<p>word</p>'.repeat(20_000)}`),
    page('care/Dry boots.html'),
  ])
  assert.deepEqual(told(report), {
    'a1/b2/c3/d4/deep.html': 'articles.file_too_deep',
    'care/Dry boots.html': 'articles.file_twice',
    'care/dry-boots/index.html': 'new',
    'care/german.html': 'articles.file_language',
    'care/long.html': 'articles.file_body',
    'care/scripted.html': 'articles.file_without_text',
    'care/untitled.html': 'articles.file_without_title',
    'root.html': 'articles.file_without_folder',
  })
})

test('a page whose parts stand deep within each other takes nobody’s time, and says so where it is too deep', async () => {
  const page = (body: string) => `<h1>Deep</h1><main><p>First.</p>${body}</main>`
  const began = performance.now()
  const report = await bring([
    { path: 'en-us/Deep/tables.html', text: page(`${'<table><tr><td>'.repeat(30)}Inside`) },
    { path: 'en-us/Deep/boxes.html', text: page(`${'<div>'.repeat(10_000)}Inside`) },
    {
      path: 'en-us/Deep/laid-out.html',
      text: page('<table><tr><td>Beside<table><tr><td>A</td><td>B</td></tr></table></td></tr></table>'),
    },
  ])
  assert.ok(performance.now() - began < 60_000)
  assert.deepEqual(told(report), {
    'en-us/Deep/tables.html': 'new',
    'en-us/Deep/boxes.html': 'articles.file_nested',
    'en-us/Deep/laid-out.html': 'new',
  })
  assert.match((await bodyOf('laid-out'))['body']!, /^First\.\n\nBeside\n\n\| A \| B \|\n\| --- \| --- \|$/)
})

test('a page is read in the letters that it names', () => {
  const bytes = Buffer.from([...Buffer.from('<meta charset="windows-1250"><p>'), 0xe8, 0x9a, 0x9e])
  assert.match(decodeHtml(bytes), /<p>čšž$/)
  assert.match(decodeHtml(Buffer.from('<meta charset="nonsense"><p>čšž')), /čšž$/)
  assert.deepEqual(['a.html', 'a.HTM', 'a.md'].map(isHtml), [true, true, false])
})
