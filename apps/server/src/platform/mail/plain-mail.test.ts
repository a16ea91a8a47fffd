import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partsOf, unsupported } from '../testing/mail-support.ts'
import { writePlainMail, type PlainMail } from './plain-mail.ts'

const mail: PlainMail = {
  language: 'sl',
  company: 'Triglav & <Oprema>',
  colour: '#12806a',
  subject: 'Vabilo',
  heading: 'Vabilo v <Triglav>',
  paragraphs: ['Prvi odstavek.', 'Drugi & zadnji.'],
  button: { label: 'Pridruži se', url: 'https://shop.example/app/join/a?b=1&c=2' },
  footer: ['Zakaj to pošta.'],
}

test('a plain mail is made of what the common mail programs support, and of nothing else', () => {
  const { html } = writePlainMail(mail)
  assert.deepEqual(unsupported(html), [])
  assert.equal(partsOf(html).angles, 0)
  assert.match(html, /<html lang="sl">/)
})

test('both parts say the same; what a person wrote is never markup', () => {
  const { html, text, headers } = writePlainMail(mail)
  assert.equal(
    text,
    'Vabilo v <Triglav>\n\nPrvi odstavek.\n\nDrugi & zadnji.\n\nPridruži se:\nhttps://shop.example/app/join/a?b=1&c=2\n\n-- \n' +
      'Zakaj to pošta.\nTriglav & <Oprema>\n',
  )
  assert.ok(html.includes('Vabilo v &lt;Triglav&gt;') && html.includes('Drugi &amp; zadnji.'))
  assert.ok(html.includes('href="https://shop.example/app/join/a?b=1&amp;c=2"'))
  assert.deepEqual(headers, { 'Auto-Submitted': 'auto-generated' })
})

test('without a button there is none, and a long subject is cut', () => {
  const { html, subject } = writePlainMail({ ...mail, button: undefined, subject: 'a'.repeat(200) })
  assert.doesNotMatch(html, /<a /)
  assert.equal(subject.length, 150)
})
