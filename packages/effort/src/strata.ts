import { checkArray, checkObject, checkWhole, refuse } from './arguments.ts'
import { checkCounts, totalOf, type Histogram } from './histograms.ts'
import type { Scale } from './scales.ts'

/** Values by attribute; one that is left out is a value of its own. */
export type Attributes = Readonly<Record<string, string>>

/** The answers of some people who are alike in `attributes`. */
export interface AnsweredGroup {
  readonly attributes: Attributes
  readonly counts: Histogram
}

/** How many people of these attributes there are, whether they answered or not. */
export interface PopulationGroup {
  readonly attributes: Attributes
  readonly n: number
}

/** People who count as alike. */
export interface Stratum {
  /** Those it was not joined over. */
  readonly attributes: Attributes
  /** Their answers. */
  readonly counts: Histogram
  /** How many they are in the population. */
  readonly population: number
}

const fewest = 5

/**
 * Answers and population by the attributes of `order`. A stratum with fewer than five answers is joined with the one of
 * fewest answers among those that differ from it in the first attribute only; while it is still too small, or where
 * there is none, in the second as well, and so on. So one odd stratum does not pull all the others together.
 */
export function strataOf(
  answers: readonly AnsweredGroup[],
  population: readonly PopulationGroup[],
  scale: Scale,
  order: readonly string[],
): Stratum[] {
  const none = Array.from({ length: scale.max - scale.min + 1 }, () => 0)
  const cells: Stratum[] = [
    ...answers.map(({ attributes, counts }) => ({ attributes, counts, population: 0 })),
    ...population.map(({ attributes, n }) => ({ attributes, counts: none, population: n })),
  ]
  const inOrder = cells.map((cell) => ({ ...cell, attributes: only(cell.attributes, order) }))
  let strata = groupsOf(inOrder, order).map((alike) => alike.reduce(joined))
  for (let given = 1; given <= order.length; given++) {
    strata = groupsOf(strata, order.slice(given)).flatMap(joinSmall)
  }
  return strata
}

/** What is alike in `names`, in groups. */
function groupsOf(strata: readonly Stratum[], names: readonly string[]): Stratum[][] {
  return [...Map.groupBy(strata, ({ attributes }) => nameOf(attributes, names)).values()]
}

/** Joins the smallest two of a group while one of them is too small. */
function joinSmall(group: readonly Stratum[]): Stratum[] {
  const sorted = group.toSorted(fewestFirst)
  while (sorted.length > 1 && totalOf(sorted[0]!.counts) < fewest) {
    const both = joined(sorted.shift()!, sorted.shift()!)
    const place = sorted.findIndex((other) => fewestFirst(both, other) < 0)
    sorted.splice(place < 0 ? sorted.length : place, 0, both)
  }
  return sorted
}

function fewestFirst(a: Stratum, b: Stratum): number {
  const byName = JSON.stringify(a.attributes) < JSON.stringify(b.attributes) ? -1 : 1
  return totalOf(a.counts) - totalOf(b.counts) || a.population - b.population || byName
}

function joined(a: Stratum, b: Stratum): Stratum {
  return {
    attributes: Object.fromEntries(
      Object.entries(a.attributes).filter(([name, value]) => b.attributes[name] === value),
    ),
    counts: a.counts.map((count, place) => count + b.counts[place]!),
    population: a.population + b.population,
  }
}

function nameOf(attributes: Attributes, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => attributes[name] ?? ''))
}

function only(attributes: Attributes, names: readonly string[]): Attributes {
  return Object.fromEntries(names.flatMap((name) => (attributes[name] === undefined ? [] : [[name, attributes[name]]])))
}

/** Refuses what is not a list of groups with attributes and whole counts, or a population of nobody. */
export function checkStrata(
  answers: readonly AnsweredGroup[],
  population: readonly PopulationGroup[],
  scale: Scale,
): void {
  checkArray('answers', answers, 'an array of { attributes, counts }')
  answers.forEach((group, index) => {
    checkObject(`answers[${index}].attributes`, group?.attributes, 'an object of texts')
    checkCounts(`answers[${index}].counts`, group.counts, scale)
  })
  checkArray('population', population, 'an array of { attributes, n }')
  population.forEach((group, index) => {
    checkObject(`population[${index}].attributes`, group?.attributes, 'an object of texts')
    checkWhole(`population[${index}].n`, group.n, 0)
  })
  if (!population.some(({ n }) => n > 0)) refuse('population', population, 'groups of at least one person together')
}
