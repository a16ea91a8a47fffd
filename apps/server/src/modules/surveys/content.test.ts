import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { SurveyContent } from '@lahko/contract/surveys'
import { scales } from '@lahko/effort'
import {
  contentFaults,
  inLanguage,
  isNewWording,
  kindOfScore,
  missingTexts,
  ruleFits,
  sameContent,
  standardRule,
} from './content.ts'
import { findLibraryItem } from './library.ts'

const given = (): SurveyContent => JSON.parse(JSON.stringify(findLibraryItem('ces-10-solved')!.content))

function changed(change: (content: SurveyContent) => void): SurveyContent {
  const content = given()
  change(content)
  return content
}

test('what the library offers has no fault', () => assert.deepEqual(contentFaults(given()), []))

test('a missing text is named with its language, and only for languages that are published', () => {
  const content = changed((next) => {
    delete next.score.text.sl
    next.reasons[0]!.options[1]!.label.nb = '  '
  })
  assert.deepEqual(missingTexts(content), [
    { language: 'sl', field: '/score/text' },
    { language: 'nb', field: '/reasons/0/options/1/label' },
  ])
  assert.deepEqual(missingTexts({ ...content, languages: ['en'] }), [])
})

const faults: [string, (content: SurveyContent) => void, string][] = [
  ['a language twice', (content) => (content.languages = ['en', 'en']), '/languages'],
  ['a preset with other bounds', (content) => (content.score.scale.max = 7), '/score/scale'],
  ['an unknown scale', (content) => (content.score.scale.id = 'mine'), '/score/scale/id'],
  [
    'a scale of two',
    (content) => (content.score.scale = { ...content.score.scale, id: 'custom', min: 1, max: 2 }),
    '/score/scale',
  ],
  ['ten faces', (content) => (content.score.look = 'faces'), '/score/look'],
  ['two sets for one kind', (content) => (content.reasons[1]!.when = ['hard']), '/reasons'],
  [
    'an option twice',
    (content) => (content.reasons[0]!.options[1]!.id = content.reasons[0]!.options[0]!.id),
    '/reasons/0/options',
  ],
]
for (const [name, change, field] of faults) {
  test(`${name} is refused by its field`, () =>
    assert.deepEqual(
      contentFaults(changed(change)).map((fault) => fault.field),
      [field],
    ))
}

const wordings: [string, boolean, (content: SurveyContent) => void][] = [
  ['nothing', false, () => undefined],
  ['a reason', false, (content) => (content.reasons[0]!.options[0]!.label.en = 'Other words')],
  ['the thanks', false, (content) => (content.thanks.easy.en = 'Other words')],
  ['white space in the question', false, (content) => (content.score.text.en += '  ')],
  ['a language less', false, (content) => (content.languages = ['en', 'sl'])],
  ['the question in a published language', true, (content) => (content.score.text.sl = 'Drugače?')],
  ['an end label', true, (content) => (content.score.highLabel.nb = 'enklest')],
  ['the scale', true, (content) => (content.score.scale = { ...content.score.scale, id: 'custom', max: 9 })],
  ['the direction', true, (content) => (content.score.scale.direction = 'high-is-hard')],
]
for (const [name, expected, change] of wordings) {
  test(`another wording when what changes is ${name}: ${expected}`, () =>
    assert.equal(isNewWording([given()], changed(change)), expected))
}

const inLanguages = (
  languages: SurveyContent['languages'],
  change: (content: SurveyContent) => void = () => undefined,
) =>
  changed((content) => {
    content.languages = languages
    change(content)
  })
const sl = (text: string) => (content: SurveyContent) => void (content.score.text.sl = text)
const chains: [string, boolean, SurveyContent[], SurveyContent][] = [
  ['a language is added', false, [inLanguages(['en'])], inLanguages(['en', 'sl'], sl('Karkoli?'))],
  ['a language goes', false, [inLanguages(['en', 'sl'])], inLanguages(['sl'])],
  ['no language is left', true, [inLanguages(['en'])], inLanguages(['sl'])],
  [
    'a language comes back as it was',
    false,
    [inLanguages(['en']), inLanguages(['en', 'sl'])],
    inLanguages(['en', 'sl']),
  ],
  [
    'a language comes back and says something else',
    true,
    [inLanguages(['en']), inLanguages(['en', 'sl'])],
    inLanguages(['en', 'sl'], sl('Drugače?')),
  ],
  [
    'a language comes back as it was before it was declared the same',
    true,
    [inLanguages(['en']), inLanguages(['en', 'sl'], sl('Drugače?')), inLanguages(['en', 'sl'])],
    inLanguages(['en', 'sl']),
  ],
]
for (const [name, expected, before, next] of chains) {
  test(`another wording when ${name}: ${expected}`, () => assert.equal(isNewWording(before, next), expected))
}

test('the same content is the same whatever the order of its keys', () => {
  const { thanks, ...rest } = given()
  assert.ok(sameContent(given(), { thanks, ...rest }))
  assert.ok(
    !sameContent(
      given(),
      changed((content) => (content.comment = null)),
    ),
  )
})

test('a standard rule fits every scale, and what it counts is at its own end', () => {
  fc.assert(
    fc.property(fc.constantFrom(0, 1), fc.integer({ min: 2, max: 10 }), fc.boolean(), (min, max, up) => {
      fc.pre(max - min >= 2)
      const scale = {
        id: 'custom',
        family: 'effort' as const,
        min,
        max,
        direction: up ? ('high-is-easy' as const) : ('high-is-hard' as const),
      }
      const rule = standardRule(scale)
      assert.ok(ruleFits(rule, scale))
      assert.equal(kindOfScore(up ? max : min, rule), 'easy')
      assert.equal(kindOfScore(up ? min : max, rule), 'hard')
    }),
  )
})

const rules: [string, number[], number[], boolean][] = [
  ['standard', [8, 9, 10], [1, 2, 3, 4], true],
  ['touching', [6, 7, 8, 9, 10], [1, 2, 3, 4, 5], true],
  ['overlapping', [5, 6, 7, 8, 9, 10], [1, 2, 3, 4, 5], false],
  ['with a hole', [7, 9, 10], [1], false],
  ['at the wrong end', [1, 2], [9, 10], false],
  ['out of the scale', [10, 11], [1], false],
]
for (const [name, easy, hard, expected] of rules) {
  test(`a rule ${name} fits ces-10: ${expected}`, () =>
    assert.equal(ruleFits({ id: 'own', easy, hard }, scales['ces-10']), expected))
}

test('a text falls back to the first language, and the company has its name', () => {
  const content = { ...given(), languages: ['sl' as const, 'en' as const] }
  assert.equal(inLanguage({ sl: 'V {company}', en: 'At {company}' }, 'nb', content, 'Triglav'), 'V Triglav')
  assert.equal(inLanguage({ nb: 'Hos {company}' }, 'nb', content, 'Triglav'), 'Hos Triglav')
})
