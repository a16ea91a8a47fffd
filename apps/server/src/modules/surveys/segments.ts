import { enqueue } from '#platform/jobs.ts'
import { system, type Db, type Store, type Tx } from '#platform/store.ts'
import { insertSegments, listSegments, lockSegments, type SegmentRow } from './segments.queries.ts'
import { foldValues, mostSegments, otherValue } from './segment-values.ts'

/** Of which survey, by which declaration of attributes. */
export type Segmentation = { workspaceId: string; id: string; declared: readonly string[]; generation: number }

export type SegmentBook = {
  /** The segment of these values (as `valuesOf` orders them), if this process knows it. */
  find(survey: Segmentation, values: readonly string[]): number | undefined
  /** The segment of these values, made when it is new; it is committed before it is told. */
  get(survey: Segmentation, values: readonly string[]): Promise<number>
  /** The same for many, inside a transaction. */
  getAll(tx: Tx, survey: Segmentation, all: readonly (readonly string[])[]): Promise<number[]>
}

/** What is known of one survey's segments in one generation: all that the database had up to the segment `last`. */
type Pages = { numbers: Map<string, number>; known: Set<string>[]; last: number }

type Wanted = { values: readonly string[]; resolve(segment: number): void; reject(error: unknown): void }

const mostSurveys = 500
const ofStore = new WeakMap<Store, SegmentBook>()

/** Segments of surveys, remembered: one book for each store. */
export function createSegmentBook(store: Store): SegmentBook {
  const existing = ofStore.get(store)
  if (existing) return existing
  const surveys = new Map<string, Pages>()
  const lines = new Map<string, Wanted[]>()
  const pagesOf = (survey: Segmentation): Pages => {
    const key = keyOf(survey)
    const pages = surveys.get(key) ?? { numbers: new Map(), known: survey.declared.map(() => new Set()), last: 0 }
    if (!surveys.has(key) && surveys.size >= mostSurveys) surveys.clear()
    surveys.set(key, pages)
    return pages
  }
  /** One transaction makes all that were asked for meanwhile. */
  const serve = async (survey: Segmentation, line: Wanted[]) => {
    while (line.length > 0) {
      const wanted = line.splice(0)
      const scope = { workspaceId: survey.workspaceId, actor: system }
      const all = wanted.map(({ values }) => values)
      try {
        const { segments, added } = await store.write(scope, (tx) => extend(tx, survey, pagesOf(survey), all))
        for (const row of added) remember(pagesOf(survey), row)
        wanted.forEach(({ resolve }, index) => resolve(segments[index]!))
      } catch (error) {
        for (const { reject } of wanted) reject(error)
      }
    }
    lines.delete(keyOf(survey))
  }
  const book: SegmentBook = {
    find: (survey, values) => findIn(pagesOf(survey), values),
    get: (survey, values) =>
      new Promise((resolve, reject) => {
        const line = lines.get(keyOf(survey))
        if (line) return void line.push({ values, resolve, reject })
        const begun = [{ values, resolve, reject }]
        lines.set(keyOf(survey), begun)
        void serve(survey, begun)
      }),
    getAll: async (tx, survey, all) => (await extend(tx, survey, pagesOf(survey), all)).segments,
  }
  ofStore.set(store, book)
  return book
}

function keyOf({ id, generation }: Segmentation): string {
  return `${id} ${generation}`
}

function nameOf(values: readonly string[]): string {
  return values.join('\u0000')
}

function findIn({ numbers, known }: Pages, values: readonly string[]): number | undefined {
  const plain = numbers.get(nameOf(values)) ?? numbers.get(nameOf(foldValues(values, known)))
  if (plain !== undefined || numbers.size < mostSegments) return plain
  return numbers.get(nameOf(values.map(() => otherValue)))
}

/**
 * Under the survey's lock: reads what other processes have added, then adds what is missing. The pages take in only
 * what was read; what is added here may still be rolled back.
 */
async function extend(tx: Tx, survey: Segmentation, pages: Pages, all: readonly (readonly string[])[]) {
  const found = all.map((values) => findIn(pages, values))
  if (!found.includes(undefined)) return { segments: found as number[], added: [] }
  await lockSegments(tx, survey.id)
  await readOn(tx, survey, pages)
  const draft: Pages = { numbers: new Map(), known: pages.known.map((seen) => new Set(seen)), last: pages.last }
  const added: SegmentRow[] = []
  let crowded = false
  const segments = all.map((values) => {
    const room = pages.numbers.size + draft.numbers.size < mostSegments
    const folded = room ? foldValues(values, draft.known) : values.map(() => otherValue)
    crowded ||= room && folded.some((value, index) => value !== values[index])
    const segment = findIn(pages, values) ?? draft.numbers.get(nameOf(folded))
    if (segment !== undefined) return segment
    const row = { segment: draft.last + 1, values: folded }
    remember(draft, row)
    added.push(row)
    return row.segment
  })
  await insertSegments(tx, survey, added)
  if (crowded && added.length > 0) await askToChooseValues(tx, survey.id)
  return { segments, added }
}

/** The job that looks whether the values which stay apart are still the most frequent ones. */
export const chooseValuesTask = 'choose_values'

/** The next night, however often it is asked for until then. */
async function askToChooseValues(tx: Tx, surveyId: string): Promise<void> {
  const night = new Date(tx.now)
  night.setUTCHours(nightHour + (night.getUTCHours() >= nightHour ? 24 : 0), 0, 0, 0)
  await enqueue(tx, chooseValuesTask, { surveyId }, `${chooseValuesTask}:${surveyId}`, night)
}

const nightHour = 2

async function readOn(db: Db, survey: Segmentation, pages: Pages): Promise<void> {
  const { segments, kept, last } = await listSegments(db, survey, pages.last)
  survey.declared.forEach((name, index) => {
    for (const value of kept[name] ?? []) pages.known[index]!.add(value)
  })
  for (const { segment, attributes } of segments) {
    remember(pages, { segment, values: survey.declared.map((name) => attributes[name] ?? '') })
  }
  pages.last = Math.max(pages.last, last)
}

function remember(pages: Pages, { segment, values }: SegmentRow): void {
  pages.numbers.set(nameOf(values), segment)
  pages.last = Math.max(pages.last, segment)
  values.forEach((value, index) => {
    if (value !== '' && value !== otherValue) pages.known[index]!.add(value)
  })
}
