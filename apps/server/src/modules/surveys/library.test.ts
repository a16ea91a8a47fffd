import assert from 'node:assert/strict'
import { test } from 'node:test'
import { libraryItem, surveyContent } from '@lahko/contract/surveys'
import { scales } from '@lahko/effort'
import { missingTexts, ruleFits } from './content.ts'
import { findLibraryItem, firstQuestion, libraryItems } from './library.ts'

test('every item is a valid survey, complete in every language', () => {
  for (const item of libraryItems()) {
    libraryItem.parse(item)
    surveyContent.parse(item.content)
    assert.deepEqual(missingTexts(item.content), [], item.id)
    assert.ok(ruleFits(item.rule, item.content.score.scale), item.id)
  }
})

test('there is a question for each scale and each kind of touchpoint, and the first one is there', () => {
  const scalesUsed = new Set(libraryItems().map((item) => item.content.score.scale.id))
  assert.deepEqual([...scalesUsed].toSorted(), Object.keys(scales).toSorted())
  for (const kind of ['ticket', 'article', 'call', 'purchase', 'delivery', 'return', 'booking', 'self_service'])
    assert.ok(
      libraryItems().some((item) => item.touchpoint === kind),
      kind,
    )
  assert.equal(findLibraryItem(firstQuestion), libraryItems()[0])
  assert.equal(new Set(libraryItems().map((item) => item.id)).size, libraryItems().length)
})

test('the same id of a reason has the same words everywhere', () => {
  const seen = new Map<string, unknown>()
  for (const { content } of libraryItems())
    for (const set of content.reasons)
      for (const { id, label } of set.options) {
        const where = `${set.when.includes('easy') ? 'easy' : 'hard'}:${id}`
        assert.deepEqual(seen.get(where) ?? label, label, where)
        seen.set(where, label)
      }
  assert.ok(seen.size > 20)
})

test('no text shouts, begs or excuses', () => {
  assert.doesNotMatch(JSON.stringify(libraryItems()), /!|\bplease\b|\boops\b|\bprosim|\bvennligst\b|\bsorry\b/i)
})
