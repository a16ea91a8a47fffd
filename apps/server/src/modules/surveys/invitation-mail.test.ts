import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailColour } from '#platform/mail/mail-colour.ts'
import { linksOf } from './invitation-links.ts'
import { writeInvitation, type InvitationMail } from './invitation-mail.ts'
import {
  mailAtRules,
  mailAttributes,
  mailProperties,
  mailTags,
  partsOf,
  unsupported,
} from '#platform/testing/mail-support.ts'
import { libraryItems } from './library.ts'

const token = 't'.repeat(43)

function mailFor(libraryId: string, more: Partial<InvitationMail> = {}): InvitationMail {
  const language = more.language ?? 'en'
  return {
    content: libraryItems().find(({ id }) => id === libraryId)!.content,
    ...{ language, company: 'Triglav & <Oprema>', colour: mailColour({ hue: 168, chroma: 0.085 }), name: 'Nives' },
    ...{ reminder: false, links: linksOf('https://shop.example', token, language, 1) },
    ...more,
  }
}

const all = libraryItems().flatMap(({ id }) =>
  (['en', 'sl', 'nb'] as const).map((language) => mailFor(id, { language })),
)

test('a mail is made of what the common mail programs support, and of nothing else', () => {
  for (const mail of all) {
    const { html } = writeInvitation(mail)
    assert.deepEqual(unsupported(html), [])
    assert.equal(partsOf(html).angles, 0, 'every tag is read by this test')
  }
})

test('what is not on the list is refused', () => {
  const { html } = writeInvitation(all[0]!)
  const planted: [string, string, string][] = [
    ['<h1', '<svg width="1"></svg><h1', 'svg'],
    ['<body', '<body onload="x"', 'onload'],
    ['font-weight:600', 'gap:1px', 'gap'],
    ['@media (prefers', '@font-face{font-family:x}@media (prefers', '@font-face'],
  ]
  for (const [from, to, name] of planted) assert.ok(unsupported(html.replace(from, to)).includes(name), name)
})

test('each part of the list is used, and says where its support was measured', () => {
  const used = all.map((mail) => partsOf(writeInvitation(mail).html))
  for (const [list, part] of [
    [mailTags, 'tags'],
    [mailAttributes, 'attributes'],
    [mailProperties, 'properties'],
    [mailAtRules, 'atRules'],
  ] as const) {
    const names = new Set(used.flatMap((parts) => parts[part]))
    for (const [name, { source }] of Object.entries(list)) {
      assert.ok(names.has(name), `${name} is in no mail`)
      assert.match(source, /^https:\/\//)
    }
  }
})

test('each value is a link in both parts; nothing is loaded, and nothing of a person’s is markup', () => {
  for (const mail of all) {
    const { html, text } = writeInvitation(mail)
    const { min, max } = mail.content.score.scale
    for (let score = min; score <= max; score++) {
      const link = `https://shop.example/a/${token}?score=${score}&wording=1&lang=${mail.language}`
      assert.ok(html.includes(`href="${link.replaceAll('&', '&amp;')}"`), link)
      assert.ok(text.includes(`  ${link}\n`), link)
    }
    assert.doesNotMatch(html, /src=|url\(|<img|<link/)
    assert.ok(html.includes('Triglav &amp; &lt;Oprema&gt;'))
    assert.match(text, /^-- $/m)
    assert.doesNotMatch(text, /<(?!Oprema>)|&amp;/)
  }
})

test('the subject is the question; a reminder says that it is one', () => {
  const { subject, headers } = writeInvitation(mailFor('ces-10-solved', { language: 'sl' }))
  assert.match(subject, /^Kako/)
  assert.equal(headers['List-Unsubscribe'], `<https://shop.example/unsubscribe/${token}>`)
  assert.match(
    writeInvitation(mailFor('ces-10-solved', { language: 'sl', reminder: true })).subject,
    /^Še enkrat: Kako/,
  )
  assert.match(writeInvitation(mailFor('ces-10-solved', { name: null })).text, /^Hello,\n/)
})

test('a company’s colour is one that mail programs know', () => {
  assert.equal(mailColour({ hue: 0, chroma: 0 }), mailColour({ hue: 200, chroma: 0 }))
  for (let hue = 0; hue <= 360; hue += 30) assert.match(mailColour({ hue, chroma: 0.16 }), /^#[0-9a-f]{6}$/)
})
