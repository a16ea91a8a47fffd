import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressesIn, renderMarkdown } from './markdown.ts'

const html = (source: string) => renderMarkdown(source, { language: 'en' }).html

test('headings begin below the page’s own, and are found again', () => {
  const { html: page, contents } = renderMarkdown('# Zip\n\n## Čez noč\n\n## Čez noč\n\n#### Deep\n\n## main', {
    language: 'sl',
    taken: ['main'],
  })
  assert.match(
    page,
    /<h2 id="zip">Zip<\/h2>\s*<h2 id="cez-noc">.*<h2 id="cez-noc-2">.*<h4 id="deep">.*<h2 id="main-2">/s,
  )
  assert.deepEqual(
    contents.map(({ id, level }) => `${level} ${id}`),
    ['2 zip', '2 cez-noc', '2 cez-noc-2', '2 main-2'],
  )
})

test('a quotation that begins with a known word in bold is a callout, in any language', () => {
  const kinds = {
    Note: 'accent',
    Opomba: 'accent',
    Merk: 'accent',
    'Tip:': 'good',
    Advarsel: 'warn',
    OPOZORILO: 'warn',
  }
  for (const [name, tone] of Object.entries(kinds)) {
    assert.equal(
      html(`> **${name}** Look.`).replaceAll('\n', ''),
      `<div class="banner" role="note" data-tone="${tone}"><p><strong>${name}</strong> Look.</p></div>`,
    )
  }
  assert.match(html('> **Anything** else'), /^<blockquote>/)
  assert.match(html('> a > **Note** in it'), /^<blockquote>/)
})

test('tables scroll by themselves, name their heads and end numbers on the right', () => {
  const table = html('| Size | Price |\n|---|--:|\n| S | 4.90 € |')
  assert.match(table, /<div class="scroll-x" role="region" aria-label="Table" tabindex="0"><table class="table">/)
  assert.match(table, /<th scope="col">Size<\/th>\s*<th data-number scope="col">Price<\/th>/)
  assert.match(table, /<td>S<\/td>\s*<td data-number>4\.90 €<\/td>/)
  assert.doesNotMatch(table, /style/)
})

test('links lead to http, https, mail, phone and this site; what others hold is not fetched', () => {
  const cases: [string, RegExp][] = [
    ['[a](https://x.example/ "t")', /<a href="https:\/\/x\.example\/" rel="noopener noreferrer">a<\/a>/],
    ['https://x.example/film', /<a href="https:\/\/x\.example\/film" rel="noopener noreferrer">/],
    ['[a](mailto:a@x.example) [b](tel:+38615550100)', /href="mailto:a@x\.example".*href="tel:\+38615550100"/],
    ['[a](/help) [b](#part) [c](other.md)', /href="\/help".*href="#part".*href="other\.md"/],
    ['[a](javascript:alert(1))', /^<p>\[a\]\(javascript:alert\(1\)\)<\/p>$/],
    ['[a](//evil.example)', /^<p>\[a\]\(\/\/evil\.example\)<\/p>$/],
    ['[a](data:text/html,x)', /^<p>\[a\]/],
    ['[a](&#106;avascript:alert(1))', /^<p>\[a\]/],
    ['![a *b* <c>](https://x.example/pixel.png)', /^<p>a b &lt;c&gt;<\/p>$/],
    ['<b onclick="x">a</b>', /^<p>&lt;b onclick="x"&gt;a&lt;\/b&gt;<\/p>$/],
    ['report.si and a@x.example', /^<p>report\.si and a@x\.example<\/p>$/],
  ]
  for (const [source, wanted] of cases) assert.match(html(source), wanted, source)
})

test('addresses of the house’s own are led on, and pictures are named', () => {
  const { html: page, pictures } = renderMarkdown('[a](../x/y.md#z) ![p](q.png)', {
    language: 'en',
    linkOf: (address) => (address.endsWith('.md#z') ? '/help/en/y#z' : undefined),
  })
  assert.equal(page, '<p><a href="/help/en/y#z">a</a> p</p>')
  assert.deepEqual(pictures, ['q.png'])
  const addresses = addressesIn('[a](b.md)\n\n- [c](d.md#e)\n\n`[x](y.md)`')
  assert.deepEqual(addresses, { links: ['b.md', 'd.md#e'], pictures: [] })
})

test('pictures of the house’s own are shown with their size and words, others stay words', () => {
  const pictureOf = (address: string) =>
    address === '/own/p.webp' ? { src: address, width: 640, height: 480 } : undefined
  const {
    html: page,
    pictures,
    plain,
  } = renderMarkdown('![The "zip" <b>](/own/p.webp)\n\n![](/own/p.webp "t") ![else](https://x.example/p.webp)', {
    language: 'en',
    pictureOf,
  })
  const image = (alt: string) =>
    `<img src="/own/p.webp" width="640" height="480" alt="${alt}" loading="lazy" decoding="async" />`
  assert.equal(page, `<p>${image('The &quot;zip&quot; &lt;b&gt;')}</p>\n<p>${image('')} else</p>`)
  assert.deepEqual(pictures, ['https://x.example/p.webp'])
  assert.match(plain, /^The "zip" <b>/)
})

test('whatever is said of a picture, none of another server and nothing that runs gets into the page', () => {
  for (const src of [
    'https://x.example/p',
    '//x.example/p',
    '/\\x.example/p',
    'data:image/svg+xml,x',
    'p" onerror="x',
    '/a?b',
  ]) {
    const pictureOf = () => ({ src, width: 1, height: 1 })
    assert.equal(renderMarkdown('![a](p.png)', { language: 'en', pictureOf }).html, '<p></p>', src)
  }
})

test('a link to a video in a paragraph of its own is the video, asked for by whoever wants it', () => {
  const address = 'https://www.youtube.com/watch?v=dQw4w9WgXcQ'
  const video = (title: string) =>
    `<div class="video"><a href="${address}" rel="noopener noreferrer" data-player="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&amp;rel=0" data-kind="frame">${title}</a><p class="hint">This video lies at YouTube. Nothing is loaded from there before you choose it.</p></div>`
  const { html: page, plain } = renderMarkdown(`Look:\n\n[Mend *a* <zip>](${address})\n\n${address}`, {
    language: 'en',
  })
  assert.equal(page, `<p>Look:</p>\n${video('Mend a &lt;zip&gt;')}\n${video('Video')}`)
  assert.equal(plain, 'Look:\nMend a <zip>')
  assert.match(
    html('[Zip](https://cdn.example/zip.mp4)'),
    /data-player="https:\/\/cdn\.example\/zip\.mp4" data-kind="file">Zip</,
  )
  assert.match(html(`> [a](${address})`), /<blockquote>\s*<div class="video">/)
  for (const source of [
    `See [a](${address})`,
    `[a](${address}) and more`,
    `- [a](${address})`,
    `[a](${address}) [b](${address})`,
    '[a](https://x.example)',
  ])
    assert.doesNotMatch(html(source), /class="video"|data-player/, source)
})

test('search gets what a reader sees, and the time it takes to read it', () => {
  const { plain, minutes } = renderMarkdown(
    '## One\n\nTwo *three*\nfour [five](x.md)\n\n- `six`\n\n```\nseven\n```\n\n| a |\n|---|\n| b |',
    {
      language: 'en',
    },
  )
  assert.equal(plain, 'One\nTwo three four five\nsix\nseven\na\nb')
  assert.equal(minutes, 1)
  assert.equal(renderMarkdown('word '.repeat(201), { language: 'en' }).minutes, 2)
})

test('deep and long texts take no long time', { timeout: 20_000 }, () => {
  for (const source of [
    '>'.repeat(5000),
    '['.repeat(50_000),
    '*a '.repeat(20_000),
    '- '.repeat(3000),
    '`'.repeat(50_000),
  ]) {
    assert.ok(typeof html(source) === 'string')
  }
})
