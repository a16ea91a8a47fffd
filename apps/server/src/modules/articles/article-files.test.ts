import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slugOf } from './addresses.ts'
import { FileFault, readArticleFile, readFileName, readFolderFile, writeArticleFile } from './article-files.ts'
import { placed } from './placing.ts'
import { relink } from './relative-links.ts'
import { referencesIn, renderArticle } from './rendering.ts'

const codeOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return error instanceof FileFault ? error.code.replace('articles.file_', '') : String(error)
  }
  return 'taken'
}

test('a file says what it is by its name and its folders', () => {
  assert.deepEqual(readFileName('a1/b2/gift-card.sl.md'), { folders: ['a1', 'b2'], slug: 'gift-card', language: 'sl' })
  assert.deepEqual(readFileName('orders/gift-card.md'), { folders: ['orders'], slug: 'gift-card' })
  const wrong = {
    'gift-card.en.md': 'without_folder',
    'a1/b2/c3/d4/gift-card.md': 'too_deep',
    'orders/Gift.en.md': 'name',
    'orders/search.en.md': 'name',
    'orders/gift-card.de.md': 'language',
    'My orders/gift-card.en.md': 'folder_name',
  }
  for (const [path, code] of Object.entries(wrong))
    assert.equal(
      codeOf(() => readFileName(path)),
      code,
      path,
    )
})

test('what is written is read back, and written the same', () => {
  const plain = { title: 'Zip', summary: 'It came off.', body: '## One\n\nTwo' }
  assert.equal(writeArticleFile(plain), '---\ntitle: Zip\nsummary: It came off.\n---\n## One\n\nTwo\n')
  for (const one of [
    plain,
    { ...plain, title: '"Zip": it #came off', summary: '' },
    { ...plain, summary: '- a\\b', body: '' },
    { ...plain, audience: 'organisations' as const, organisations: ['Planina, d.o.o.', 'A "B"'], review: '2027-01-31' },
    { ...plain, published: false },
    { ...plain, body: '---\n\nnot a head' },
  ]) {
    const file = writeArticleFile(one)
    assert.deepEqual(readArticleFile(file), one)
    assert.equal(writeArticleFile(readArticleFile(file)), file)
  }
})

test('heads as others write them are read', () => {
  const read = readArticleFile("\ufeff---\r\n# a comment\r\ntitle:   'It''s'\r\n\r\nsummary: a: b\r\n---\r\nText\r\n")
  assert.deepEqual(read, { title: "It's", summary: 'a: b', body: 'Text' })
  assert.equal(readArticleFile('---\ntitle: A\n---').body, '')
})

test('what cannot be read says which field it is', () => {
  const wrong = {
    'no head': 'without_head',
    '---\nsummary: x\n---\n': 'field',
    '---\ntitle: A\nauthor: B\n---\n': 'field',
    '---\ntitle: "A\n---\n': 'field',
    '---\ntitle: A\naudience: friends\n---\n': 'field',
    '---\ntitle: A\n---\n\u0000': 'body',
  }
  for (const [text, code] of Object.entries(wrong))
    assert.equal(
      codeOf(() => readArticleFile(text)),
      code,
      text,
    )
  assert.equal(
    codeOf(() => readFolderFile('{"titles":{"de":"x"}}')),
    'not_collection',
  )
  assert.deepEqual(readFolderFile('{"order":["b","a"]}'), { order: ['b', 'a'] })
})

test('links lead from file to file, wherever they lie', () => {
  const at = {
    'gift-card': { folders: ['orders', 'paying'], slug: 'gift-card' },
    old: { folders: ['care'], slug: 'new' },
  }
  const folderOf = (slug: string) => at[slug as keyof typeof at]
  const cases: [string, string[], string][] = [
    ['[a](gift-card.md#b)', ['orders', 'paying'], '[a](gift-card.md#b)'],
    ['[a](../gift-card.md)', ['orders', 'placing'], '[a](../paying/gift-card.md)'],
    ['[a](../../orders/paying/gift-card.md)', ['orders', 'placing'], '[a](../../orders/paying/gift-card.md)'],
    ['[a](x/gift-card.sl.md)', ['care'], '[a](../orders/paying/gift-card.sl.md)'],
    ['[a](old.md)', ['orders'], '[a](../care/new.md)'],
    ['[a](nowhere.md) [b](https://x.example/old.md)', ['orders'], '[a](nowhere.md) [b](https://x.example/old.md)'],
  ]
  for (const [body, from, wanted] of cases) assert.equal(relink(body, from, folderOf), wanted)
})

test('links between articles lead to pages in the same language', () => {
  const { html } = renderArticle(
    '[a](../x/gift-card.md#b) [c](gift-card.sl.md) [d](https://x.example/a.md)',
    'nb',
    new Map(),
  )
  assert.match(html, /href="\/help\/nb\/gift-card#b".*href="\/help\/nb\/gift-card".*href="https:\/\/x\.example\/a\.md"/)
  const said = '[a](../x/gift-card.md#b) [c](gift-card.md) [d](/help) ![e](f.png)'
  assert.deepEqual(referencesIn(said), { articles: ['gift-card'], pictures: ['f.png'] })
})

test('titles become addresses', () => {
  const cases = {
    'Vračilo čevljev!': 'vracilo-cevljev',
    'Ærlig størrelse': 'aerlig-storrelse',
    Search: 'help-search',
    '?': 'help',
  }
  for (const [title, slug] of Object.entries(cases)) assert.equal(slugOf(title), slug)
  assert.ok(slugOf('a'.repeat(90)).length <= 40)
})

test('something stands at a place, or at the end', () => {
  assert.deepEqual(placed(['a', 'b', 'c'], 'x', 1), ['a', 'x', 'b', 'c'])
  assert.deepEqual(placed(['a', 'b', 'c'], 'a', 99), ['b', 'c', 'a'])
  assert.deepEqual(placed([], 'a', 0), ['a'])
})
