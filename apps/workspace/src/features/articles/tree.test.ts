import type { Article, Collection } from '@lahko/contract'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  articleStep,
  collectionStep,
  countIn,
  filled,
  flat,
  pathTitle,
  treeOf,
  withArticleAt,
  withCollectionAt,
} from './tree.ts'

const collection = (id: string, parentId: string | null, position: number): Collection => ({
  ...{ id, parentId, slug: id, titles: { en: id.toUpperCase() }, position },
})
const collections = [collection('b', null, 1), collection('a', null, 0), collection('a1', 'a', 0)]
const article = (id: string, collectionId: string, position: number) => ({ id, collectionId, position }) as Article
const articles = [article('y', 'a', 1), article('x', 'a', 0), article('z', 'b', 0), article('w', 'a1', 0)]
const order = (given: readonly Article[], id: string) =>
  flat(treeOf(collections, given))
    .find((branch) => branch.collection.id === id)
    ?.articles.map((one) => one.id)

test('a tree has each level in its order, and counts what is in it', () => {
  const tree = treeOf(collections, articles)
  assert.deepEqual(
    flat(tree).map((branch) => [branch.collection.id, branch.level]),
    [
      ['a', 1],
      ['a1', 2],
      ['b', 1],
    ],
  )
  assert.equal(countIn(tree[0]!), 3)
  assert.equal(pathTitle(collections, 'a1', 'sl'), 'A / A1')
})

test('branches without anything fall away, their parents do not', () => {
  const left = filled(treeOf(collections, [article('w', 'a1', 0)]))
  assert.deepEqual(
    flat(left).map((branch) => branch.collection.id),
    ['a', 'a1'],
  )
})

test('an article is put at a place, here or elsewhere, and the others make room', () => {
  assert.deepEqual(order(withArticleAt(articles, 'y', { collectionId: 'a', position: 0 }), 'a'), ['y', 'x'])
  const moved = withArticleAt(articles, 'x', { collectionId: 'b', position: 10_000 })
  assert.deepEqual([order(moved, 'a'), order(moved, 'b')], [['y'], ['z', 'x']])
})

test('an article that is at the end goes on in the next collection', () => {
  const tree = treeOf(collections, articles)
  assert.deepEqual(articleStep(tree, articles[1]!, 1), { collectionId: 'a', position: 1 })
  assert.deepEqual(articleStep(tree, articles[0]!, 1), { collectionId: 'a1', position: 0 })
  assert.deepEqual(articleStep(tree, articles[2]!, -1), { collectionId: 'a1', position: 1 })
  assert.equal(articleStep(tree, articles[1]!, -1), undefined)
})

test('a collection goes up, down, into the one before it and out again', () => {
  const [b, a, a1] = collections as [Collection, Collection, Collection]
  assert.deepEqual(collectionStep(collections, b, 'up'), { parentId: null, position: 0 })
  assert.equal(collectionStep(collections, b, 'down'), undefined)
  assert.deepEqual(collectionStep(collections, b, 'in'), { parentId: 'a', position: 1 })
  assert.deepEqual(collectionStep(collections, a1, 'out'), { parentId: null, position: 1 })
  assert.equal(collectionStep(collections, a, 'out'), undefined)
  const after = withCollectionAt(collections, 'a1', { parentId: null, position: 1 })
  assert.deepEqual(
    treeOf(after, []).map((branch) => branch.collection.id),
    ['a', 'a1', 'b'],
  )
})
