import { sql, type Kysely } from 'kysely'

/** A count that cells and answers do not agree on. */
export type WrongCell = { wording: number; grain: string; segment: number; starts_on: string; score: number; n: number }

/**
 * Where the cells of a survey differ from what its answers say, counted apart from everything that writes cells: for
 * tests and benches.
 * @param owner a connection that no row-level security binds
 */
export async function findWrongCells(owner: Kysely<unknown>, surveyId: string): Promise<WrongCell[]> {
  const { rows } = await sql<WrongCell>`
    with counting as (
      select wording, score, local_date, unnest(case when segment = 0 then array[0] else array[segment, 0] end) as segment
      from responses where survey_id = ${surveyId} and excluded_at is null
    ), truth as (
      select wording, grain, segment, starts_on, score, count(*)::integer as n from (
        select wording, score, segment, 'd'::"char" as grain, local_date as starts_on from counting
        union all
        select wording, score, segment, 'w', local_date - (extract(isodow from local_date)::integer - 1) from counting
        union all
        select wording, score, segment, 'm',
          make_date(extract(year from local_date)::integer, extract(month from local_date)::integer, 1) from counting
      ) every group by 1, 2, 3, 4, 5
    ), told as (
      select wording, grain, segment, starts_on, score, n from cells_now
      cross join lateral (values (0, c0), (1, c1), (2, c2), (3, c3), (4, c4), (5, c5), (6, c6), (7, c7), (8, c8),
        (9, c9), (10, c10)) v(score, n)
      where survey_id = ${surveyId} and n <> 0
    )
    (table truth except table told) union all (table told except table truth) limit 1000`.execute(owner)
  return rows
}
