import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as effort from './index.ts'

test('the door offers what the definition names, and no more', () => {
  assert.deepEqual(Object.keys(effort).toSorted(), [
    'addHistograms',
    'adjustPValues',
    'answersNeeded',
    'compare',
    'compareGroups',
    'compareMeans',
    'compareShares',
    'controlChart',
    'customScale',
    'effortStep',
    'invitationsNeeded',
    'isMetricName',
    'isScaleId',
    'metricNames',
    'poststratify',
    'rules',
    'scales',
    'shrinkGroups',
    'summarize',
  ])
})

test('metric names are known by name alone', () => {
  assert.ok(effort.metricNames.every(effort.isMetricName))
  assert.equal(effort.isMetricName('median'), false)
  assert.equal(effort.isScaleId('toString'), false)
})
