import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unsupported } from '#platform/testing/mail-support.ts'
import { htmlOfText, picturesIn, plainOfText } from './markup.ts'
import { subjectOfReply, writeReplyMail } from './reply-mail.ts'

const id = '0190b7a0-0000-7000-8000-000000000001'

test('marks become HTML, and everything else stays as it was written', () => {
  const cases: [string, string][] = [
    ['a *b* **c**', '<p>a <em>b</em> <strong>c</strong></p>'],
    ['one\ntwo', '<p>one<br>\ntwo</p>'],
    ['- a\n- b', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>'],
    ['# 5 is your number', '<p># 5 is your number</p>'],
    ['Prices\n---', '<p>Prices<br>\n---</p>'],
    ['    spaces', '<p>spaces</p>'],
    ['<b>&amp;</b>', '<p>&lt;b&gt;&amp;amp;&lt;/b&gt;</p>'],
    ['see https://a.si/x?y=1&z=2', '<p>see <a href="https://a.si/x?y=1&amp;z=2">https://a.si/x?y=1&amp;z=2</a></p>'],
    ['report.si', '<p>report.si</p>'],
    ['[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>'],
    ['[x](data:text/html,1)', '<p>[x](data:text/html,1)</p>'],
    [`![zip](file:${id})`, `<p><img src="cid:${id}@lahko" alt="zip" style="max-width:100%"></p>`],
    ['![x](https://spy.example/p.gif)', '<p>x</p>'],
    [`[x](file:${id})`, '<p><a href="#">x</a></p>'],
    ['"><script>1</script>', '<p>&quot;&gt;&lt;script&gt;1&lt;/script&gt;</p>'],
  ]
  for (const [text, html] of cases) assert.equal(htmlOfText(text), html)
})

test('pictures are found, and named in the plain text', () => {
  const text = `See ![the zip](file:${id}) and ![](file:${id})`
  assert.deepEqual(picturesIn(text), [id])
  assert.equal(plainOfText(text), 'See [the zip] and […]')
  assert.equal(
    htmlOfText(text, (fileId, name) => `(${fileId === id} ${name})`),
    '<p>See (true the zip) and (true )</p>',
  )
})

const parts = {
  language: 'sl',
  timeZone: 'Europe/Ljubljana',
  text: 'Pozdravljeni\n\n1. en\n2. **dva**\n\n> res `x`\n\n![z](file:0190b7a0-0000-7000-8000-000000000001)',
  signature: '*Ana*\nČevljar',
  quoted: { by: 'Nives <x>', at: new Date('2026-11-20T10:00:00Z'), text: 'Zadrga\n> prej\n<script>' },
} as const

test('a reply consists of what mail programs show', () => {
  const { html } = writeReplyMail(parts)
  assert.deepEqual(unsupported(html), [])
  assert.doesNotMatch(html, /<script/)
  assert.match(html, /Zadrga<br>&gt; prej<br>&lt;script&gt;/)
})

test('its plain text has the signature behind its mark, and quotes line by line', () => {
  const { text } = writeReplyMail(parts)
  assert.match(text, /\n\n-- \n\*Ana\*\nČevljar\n\n/)
  assert.match(text, /Nives <x> je 20\. november 2026 ob 11:00 napisal\(a\):\n> Zadrga\n>> prej\n> <script>\n$/)
  assert.equal(writeReplyMail({ ...parts, signature: '', quoted: undefined }).text.includes('--'), false)
})

test('the subject stays the same, whatever stood before it', () => {
  for (const first of ['Zip', 'Re: Zip', 'RE: AW: Zip [#12]', 'Odg: Zip', 'Re[2]: Zip']) {
    assert.equal(subjectOfReply(first, 12, false), 'Re: Zip [#12]')
  }
  assert.equal(subjectOfReply('Zip', 12, true), 'Zip [#12]')
  assert.equal(subjectOfReply('Revolt', 12, false), 'Re: Revolt [#12]')
  assert.equal(subjectOfReply('', 12, false), 'Re: … [#12]')
})
