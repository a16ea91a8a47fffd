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
 * Answers and population by the attributes of `order`. A stratum with fewer than five answers is joined with all that
 * differ from it in the first attribute only; while it is still too small, in the second as well, and so on.
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
  let strata = joined(cells, order)
  for (let given = 1; given <= order.length; given++) {
    const kept = order.slice(given)
    const small = new Set(strata.filter(isSmall).map(({ attributes }) => nameOf(attributes, kept)))
    const apart = strata.filter(({ attributes }) => !small.has(nameOf(attributes, kept)))
    strata = [
      ...apart,
      ...joined(
        strata.filter((one) => !apart.includes(one)),
        kept,
      ),
    ]
  }
  return strata
}

function isSmall({ counts }: Stratum): boolean {
  return totalOf(counts) < fewest
}

/** Cells that are alike in `names` as one. */
function joined(cells: readonly Stratum[], names: readonly string[]): Stratum[] {
  const found = new Map<string, Stratum>()
  for (const cell of cells) {
    const name = nameOf(cell.attributes, names)
    const known = found.get(name)
    found.set(name, {
      attributes: known?.attributes ?? only(cell.attributes, names),
      counts: known ? known.counts.map((count, place) => count + cell.counts[place]!) : cell.counts,
      population: (known?.population ?? 0) + cell.population,
    })
  }
  return [...found.values()]
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
