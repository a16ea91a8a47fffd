import { sql, type RawBuilder } from 'kysely'

/** No answer of a local day is older, wherever its workspace is. */
export function firstMoment(day: string): RawBuilder<unknown> {
  return sql`${day}::timestamp at time zone 'UTC' - interval '1 day'`
}

/** Every answer of a local day is older. */
export function lastMoment(day: string): RawBuilder<unknown> {
  return sql`${day}::timestamp at time zone 'UTC' + interval '2 days'`
}
