import type { Db } from '#platform/store.ts'
import type { Grain } from './cover.ts'
import { countAnswers, countCells, findShape, type Count, type Shape } from './histograms.queries.ts'

/** Answers whose attribute has one of the values; `''` stands for answers that do not say, `otherValue` for the rest. */
export type AttributeFilter = { attribute: string; values: readonly string[] }

export type HistogramFilter = {
  surveyId: string
  wording: number
  /** First and last local day, inclusive, `YYYY-MM-DD`. */
  from: string
  to: string
  /** Of the periods in a series, `day` unless given; everything else takes what is fastest. */
  grain?: Grain
  /** All of them hold; values of one attribute are alternatives. */
  where?: readonly AttributeFilter[]
  /** The ends of the wording's scale and the survey's declared attributes, where they are known: saves looking. */
  shape?: Shape
}

export type HistogramBy = 'total' | 'period' | { attribute: string }

/**
 * `counts`: one entry for each value of the scale, the first for its min.
 * `key`: `''` for the total, a period's first day, or an attribute's value (`''`: the answers do not say).
 */
export type HistogramRow = { key: string; counts: number[] }

/**
 * Histograms of one wording of one survey's score; nothing when the survey has no such wording.
 *
 * - `'total'`: one row, of zeros when nobody answered.
 * - `'period'`: a row for each period that starts in `from`–`to` and has answers, in order of time.
 * - `{ attribute }`: a row for each value, most answered first.
 */
export async function histograms(db: Db, filter: HistogramFilter, by: HistogramBy): Promise<HistogramRow[]> {
  if (typeof by === 'object') return (await breakdowns(db, filter, [by.attribute])).get(by.attribute) ?? []
  const shape = filter.shape ?? (await findShape(db, filter.surveyId, filter.wording))
  if (!shape) return []
  const rows = (await count(db, shape, filter, by, [])).map((row) => rowOf(row, shape))
  return by === 'total' && rows.length === 0 ? [{ key: '', counts: zeros(shape) }] : rows
}

/** The histograms by several attributes at once, at the price of one pass over the cells. */
export async function breakdowns(
  db: Db,
  filter: HistogramFilter,
  attributes: readonly string[],
): Promise<Map<string, HistogramRow[]>> {
  const found = new Map<string, HistogramRow[]>(attributes.map((attribute) => [attribute, []]))
  const shape = filter.shape ?? (await findShape(db, filter.surveyId, filter.wording))
  if (!shape || attributes.length === 0) return found
  for (const row of await count(db, shape, filter, 'attribute', attributes)) {
    found.get(row.attribute ?? '')?.push(rowOf(row, shape))
  }
  return found
}

/** Whether a question goes beyond the declared attributes, so that the answers themselves are read, which is slow. */
export function scansAnswers(declared: readonly string[], asked: readonly string[]): boolean {
  return asked.some((attribute) => !declared.includes(attribute))
}

function count(
  db: Db,
  shape: Shape,
  filter: HistogramFilter,
  by: 'total' | 'period' | 'attribute',
  attributes: readonly string[],
): Promise<Count[]> {
  const asked = [...attributes, ...(filter.where ?? []).map(({ attribute }) => attribute)]
  return scansAnswers(shape.declared, asked)
    ? countAnswers(db, filter, by, attributes, shape.declared)
    : countCells(db, filter, by, attributes)
}

function rowOf({ key, counts }: Count, { min, max }: Shape): HistogramRow {
  return { key, counts: counts.slice(min, max + 1) }
}

function zeros({ min, max }: Shape): number[] {
  return Array.from({ length: max - min + 1 }, () => 0)
}
