import { sql, type RawBuilder } from 'kysely'
import type { Db } from '#platform/store.ts'

/** How many lines of the ledger are meant, and how many of them have an answer that counts. */
export type LineCount = { people: number; answered: number }

/** How often each score from 0 to 10 was given by people who are alike, and how many they are. */
export type PeopleAlike = { attributes: Record<string, string>; people: number; counts: number[] }

/**
 * Lines of the ledger told apart: `whole` is all of them, `by` those of each value of one thing (`''` where it is not
 * known, most frequent first, at most 200), `alike` those of one language, outcome, topic and channel (at most 5,000).
 */
export type LinesAlike<By> = { whole: LineCount; by: Map<By, (LineCount & { key: string })[]>; alike: PeopleAlike[] }

/** What silent and answering people are told apart by. */
export const strata = ['language', 'outcome', 'topic', 'channel'] as const

const scores = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const mostKeys = 200
const mostAlike = 5_000

/** Which of the columns a row does not tell, as the bits of `grouping`, and how often its values stand there. */
type Row = Record<string, string> & { untold: number; people: number; answered: number; counts: number[] }

/**
 * Counts lines by several things in one pass over them.
 * @param lines a query of which each row is a line: the strata, what else is in `more`, `heard` and `score`
 */
export async function countAlike<By extends string>(
  db: Db,
  lines: RawBuilder<unknown>,
  more: readonly By[],
): Promise<LinesAlike<By | (typeof strata)[number]>> {
  const columns = [...strata, ...more]
  const all = sql.join(columns.map((column) => sql.ref(column)))
  const sets = [sql.join(strata.map((column) => sql.ref(column))), ...columns.map((column) => sql.ref(column)), sql``]
  const counts = sql.join(scores.map((score) => sql`coalesce(sum(n) filter (where score = ${sql.lit(score)}), 0)`))
  const { rows } = await sql<Row>`
    with lines as materialized (
      select ${all}, heard, score, count(*) as n from (${lines}) line group by ${all}, heard, score),
    counted as (
      select ${all}, grouping(${all}) as untold, coalesce(sum(n), 0)::bigint as people,
        coalesce(sum(n) filter (where heard), 0)::bigint as answered, array[${counts}]::integer[] as counts,
        row_number() over (partition by grouping(${all}) order by sum(n) desc, ${all}) as place
      from lines group by grouping sets (${sql.join(sets.map((set) => sql`(${set})`))}))
    select * from counted where place <= case untold when ${wholeOf(more.length)} then ${mostAlike}::integer
      else ${mostKeys} end
    order by untold, place`.execute(db.kysely)
  return read(rows, columns)
}

function read<By extends string>(rows: readonly Row[], columns: readonly By[]): LinesAlike<By> {
  const none = wholeOf(columns.length)
  const onlyOf = (place: number) => none - 2 ** (columns.length - 1 - place)
  const countOf = ({ people, answered }: LineCount) => ({ people, answered })
  const valuesOf = (column: By, place: number) =>
    rows.filter(({ untold }) => untold === onlyOf(place)).map((row) => ({ key: row[column]!, ...countOf(row) }))
  return {
    whole: countOf(rows.find(({ untold }) => untold === none) ?? { people: 0, answered: 0 }),
    by: new Map(columns.map((column, place) => [column, valuesOf(column, place)])),
    alike: rows.filter(({ untold }) => untold === wholeOf(columns.length - strata.length)).map(alikeOf),
  }
}

/** As many bits as there are columns, all set: none of them is told. */
function wholeOf(columns: number): number {
  return 2 ** columns - 1
}

function alikeOf(row: Row): PeopleAlike {
  const known = strata.flatMap((name) => (row[name] === '' ? [] : [[name, row[name]!] as const]))
  return { attributes: Object.fromEntries(known), people: row.people, counts: row.counts }
}
