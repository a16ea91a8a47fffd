import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conditionsOf, readCondition, writeCondition } from './ticket-conditions.ts'

const field = '018f0000-0000-7000-8000-000000000001'

test('a condition is read as it is written', () => {
  const all = [
    ...['status:any:new,open', 'topic:empty', 'tag:all:zip,red', 'created:older:3d', 'waiting:given', 'owner:none:me'],
    ...[`field/${field}:more:12.5`, String.raw`subject:contains:boots\, brown \\ red`, 'message:from:2026-02-28'],
  ]
  for (const one of all) assert.equal(writeCondition(readCondition(one)!), one)
  assert.deepEqual(readCondition(String.raw`organisation:any:Oak\, Ltd,Krn`)?.values, ['Oak, Ltd', 'Krn'])
  assert.deepEqual(readCondition('tag:any:ZIP, red ,')?.values, ['zip', 'red'])
})

test('what is none is not read', () => {
  const none = [
    ...[
      '',
      'status',
      'status:any',
      'status:any:',
      'status:any:lost',
      'status:larger:new',
      'toString:any:1',
      'topic:empty:x',
    ],
    ...['created:older:0d', 'created:older:3w', 'created:before:2026-02-30', 'created:given', 'owner:any:Ana'],
    ...['field:any:1', `status/${field}:any:new`, 'field/1:any:x', 'subject:contains:a,b', `tag:any:${'x'.repeat(41)}`],
    `tag:any:${Array.from({ length: 51 }, (_, place) => place).join()}`,
  ]
  for (const one of none) assert.equal(readCondition(one), undefined, one)
})

test('a filter by single names says the same in conditions', () => {
  const filter = {
    owner: 'nobody',
    tag: 'zip',
    field: [`${field}:a:b`],
    followed: 'me',
    where: ['topic:empty'],
    shelf: 'spam',
  }
  assert.deepEqual(conditionsOf(filter).map(writeCondition), [
    ...['owner:empty', 'tag:any:zip', `field/${field}:any:a:b`, 'followed:any:me', 'topic:empty'],
  ])
})
