export {
  customScale,
  effortStep,
  isScaleId,
  rules,
  scales,
  type Direction,
  type Family,
  type Rule,
  type Scale,
  type ScaleId,
} from './scales.ts'
export { addHistograms, type Histogram } from './histograms.ts'
export { isMetricName, metricNames, type MetricName, type Options } from './reading.ts'
export { summarize, type Method, type Metric, type Summary } from './summaries.ts'
export {
  compare,
  compareMeans,
  compareShares,
  type Comparison,
  type Difference,
  type DifferenceMethod,
  type Ease,
  type Share,
  type Verdict,
} from './comparisons.ts'
export { answersNeeded, invitationsNeeded, type Precision } from './sample-size.ts'
export {
  adjustPValues,
  compareGroups,
  type Group,
  type GroupComparison,
  type GroupComparisons,
  type Omnibus,
} from './groups.ts'
export { poststratify, type Adjusted, type AdjustOptions, type StratumWeight } from './poststratification.ts'
export type { AnsweredGroup, Attributes, PopulationGroup } from './strata.ts'
export { shrinkGroups, type ShrunkenGroup } from './shrinkage.ts'
export { controlChart, type ControlOptions, type ControlPoint, type Period, type Signal } from './control-chart.ts'
