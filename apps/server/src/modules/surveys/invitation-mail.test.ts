import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MailTexts } from '@lahko/contract/mail-texts'
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
import { knownOf } from './mail-variables.ts'

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

const logoUrl = 'https://shop.example/logo?v=1'
/** What a programme says: variables, two lines, and what would be markup. */
const texts: MailTexts = {
  invitation: {
    subject: '{customer.name|Hi} & {question}',
    greeting: 'Dear {customer.name|customer},',
    introduction: '<b>About</b> {touchpoint.topic|your matter}\nwith {agent|us}.',
    closing: 'Thank you for helping {company}.',
    signature: 'The team',
  },
}
const own = { texts, logoUrl, postalAddress: 'Glavna 1\n1000 Ljubljana' }

const all = libraryItems().flatMap(({ id }) =>
  (['en', 'sl', 'nb'] as const).flatMap((language) => [mailFor(id, { language }), mailFor(id, { language, ...own })]),
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
    for (const [name, { source, letters }] of Object.entries(list)) {
      assert.ok(letters || names.has(name), `${name} is in no mail`)
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
    const loaded = [...html.matchAll(/src="([^"]*)"/g)].map(([, url]) => url)
    assert.deepEqual(loaded, mail.logoUrl ? [logoUrl] : [])
    assert.doesNotMatch(html, /url\(|<link|<b>/)
    assert.ok(html.includes('Triglav &amp; &lt;Oprema&gt;'))
    assert.match(text, /^-- $/m)
    assert.doesNotMatch(text, /<(?!Oprema>|\/?b>)|&amp;/)
  }
})

test('each number has its width where cells have no least one', () => {
  for (const mail of all) {
    const cells = [...writeInvitation(mail).html.matchAll(/<td class="l-cell"([^>]*)>.*?<a[^>]*>([^<]*)</g)]
    for (const [, attributes, label] of cells) assert.equal(/width="44"/.test(attributes!), label!.length <= 2, label)
  }
})

test('the plain part says what the values mean and what a tap does before the links, which stand in one column', () => {
  const { text } = writeInvitation(mailFor('ces-10-solved'))
  assert.match(text, /today\?\n\n1 = very hard, 10 = very easy\nChoose one\. .*\n\n 1 {2}https.*\n 2 {2}https/)
  assert.match(text, /\n10 {2}https/)
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

test('a programme’s words stand in both parts, with what is known or what stands for it', () => {
  const known = knownOf({ name: 'Ana\n<Kos>', attributes: { topic: 'Returns', agent: 'Bor' } })
  const { subject, html, text } = writeInvitation(mailFor('ces-10-solved', { ...own, known }))
  assert.match(subject, /^Ana <Kos> & How easy/)
  assert.match(text, /^Dear Ana <Kos>,\n<b>About<\/b> Returns\nwith Bor\.\n\nHow easy/)
  assert.match(text, /\n\nThank you for helping Triglav & <Oprema>\.\n\nThe team\n\n-- \n/)
  assert.match(text, /\nGlavna 1\n1000 Ljubljana\n$/)
  assert.ok(html.includes('Dear Ana &lt;Kos&gt;,<br>&lt;b&gt;About&lt;/b&gt; Returns<br>with Bor.'))
  const unknown = writeInvitation(mailFor('ces-10-solved', { ...own, known: knownOf({ name: null }) }))
  assert.match(unknown.subject, /^Hi & How easy/)
  assert.match(unknown.text, /^Dear customer,\n<b>About<\/b> your matter\nwith us\./)
})

test('a reminder says what the invitation says until it has words of its own', () => {
  const reminder = (more: MailTexts['reminder']) =>
    writeInvitation(
      mailFor('ces-10-solved', { ...own, name: null, reminder: true, texts: { ...texts, reminder: more } }),
    )
  assert.match(reminder({}).subject, /^Once more: Hi & How easy/)
  assert.match(reminder({}).text, /^Dear customer,/)
  const changed = reminder({ subject: 'Still there?', greeting: 'Hello again,' })
  assert.equal(changed.subject, 'Still there?')
  assert.match(changed.text, /^Hello again,\n<b>About/)
})

test('a company’s colour is one that mail programs know', () => {
  assert.equal(mailColour({ hue: 0, chroma: 0 }), mailColour({ hue: 200, chroma: 0 }))
  for (let hue = 0; hue <= 360; hue += 30) assert.match(mailColour({ hue, chroma: 0.16 }), /^#[0-9a-f]{6}$/)
})
