import type pg from 'pg'

/**
 * Has PostgreSQL look at tables of which it knows nothing yet: to be called once something stands in them. Where it
 * knows all tables this costs next to nothing.
 */
export async function analyzeYoungTables(pool: pg.Pool): Promise<void> {
  await pool.query('select analyze_young_tables()')
}
