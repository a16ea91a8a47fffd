import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sharedStems } from './search/check-questions.ts'
import { begun, pairedInterval, reciprocalRank, withoutCarets, withTypo } from './search/figures.ts'
import { halvesOf, languages, readArticles, readQuestions } from './search/relevance.ts'
import { seededRandom } from './seeded.ts'

for (const language of languages) {
  const { answerable, off, near } = readQuestions(language)
  const titles = new Map(readArticles(language).map(({ slug, title }) => [slug, title]))

  test(`the relevance set is whole (${language})`, () => {
    assert.ok(titles.size >= 80)
    assert.deepEqual(Object.keys(answerable).toSorted(), [...titles.keys()])
    for (const [slug, questions] of Object.entries(answerable)) assert.equal(questions.length, 5, slug)
    assert.deepEqual([off.length, near.length], [50, 50])
    const all = [...Object.values(answerable).flat(), ...off, ...near]
    assert.equal(new Set(all.map((question) => question.toLowerCase())).size, all.length)
  })

  test(`no question shares more than one content stem with its article’s title (${language})`, () => {
    for (const [slug, questions] of Object.entries(answerable)) {
      for (const question of questions) {
        const shared = sharedStems(language, question, titles.get(slug)!)
        assert.ok(shared.length <= 1, `${slug}: ${question} (${shared.join(', ')})`)
      }
    }
  })
}

test('the halves are frozen', () => {
  const slugs = Object.keys(readQuestions('en').answerable)
  const { tuning, judging } = halvesOf(slugs)
  assert.deepEqual([tuning.length, judging.length], [42, 42])
  assert.deepEqual(tuning.slice(0, 3), ['instalments', 'change-email-address', 'parcel-delayed'])
})

test('figures are what their names say', () => {
  assert.equal(reciprocalRank(['a', 'b', 'c'], 'b'), 0.5)
  assert.equal(reciprocalRank(['a'], 'b'), 0)
  assert.equal(withoutCarets('Škornji, kjøp på ærlig'), 'Skornji, kjop pa aerlig')
  const random = seededRandom(1)
  for (let round = 0; round < 100; round++)
    assert.notEqual(withTypo('kje je moja pošiljka', random), 'kje je moja pošiljka')
  assert.equal(withTypo('M ali L', random), 'M ali L')
  assert.deepEqual([begun('Where is my parcel', 0.3), begun('Where is my parcel', 0.5)], ['Where', 'Where is'])
  const { low, high } = pairedInterval([[0.1, 0.1], [0.2], [0.4, 0.4]], seededRandom(2), 1_000)
  assert.ok(low >= 0.0999 && low < 0.24 && high > 0.24 && high < 0.4001)
})
