import type { House } from '#platform/house.ts'
import type { Scope } from '#platform/store.ts'
import type { ImportMapping } from '@lahko/contract/surveys'
import { fitAnswer } from './accepting.ts'
import { mostShown, openImport, tableProblem, type RefusedRow, type Said } from '#platform/uploads.ts'
import { createRowReader, type ReadRow } from './import-rows.ts'
import { findSameFile, listKnown, type ImportRow } from './imports.queries.ts'
import { dedupeOf } from './ingest.ts'
import type { PublishedSurvey } from './published-surveys.ts'
import { createSeenKeys } from '#platform/seen-keys.ts'

export type Counts = Pick<
  ImportRow,
  'rows_read' | 'rows_accepted' | 'rows_refused' | 'rows_repeated' | 'rows_unanswered'
>

/** What would become of a file. `error`: it cannot be read to its end. */
export type DryRun = { counts: Counts; refused: RefusedRow[]; error: Said | null }

type Question = Pick<ImportRow, 'id' | 'hash'> & { mapping: ImportMapping }

const atOnce = 2_000

/**
 * Reads a file as the import would, and keeps nothing.
 * @param onPart told after each batch how much is read, from 0 to 1; `false` ends the reading
 * @returns undefined when it was ended
 */
export async function dryRun(
  house: House,
  scope: Scope,
  survey: PublishedSurvey,
  question: Question,
  onPart: (part: number) => Promise<boolean> = async () => true,
): Promise<DryRun | undefined> {
  const { mapping, hash, id } = question
  const now = house.clock.now()
  const read = createRowReader({ ...survey, mapping, surveyId: survey.id, hash, undatedAt: now })
  const counts: Counts = { rows_read: 0, rows_accepted: 0, rows_refused: 0, rows_repeated: 0, rows_unanswered: 0 }
  const refused: RefusedRow[] = []
  const seen = createSeenKeys()
  const mayKnow =
    mapping.externalId !== undefined ||
    (await house.store.read(scope, (db) => findSameFile(db, survey.id, hash, id))) !== undefined
  try {
    const { table, part } = await openImport({ ...house, ...scope }, id)
    for await (const batch of table.rows({ batch: atOnce })) {
      const keys: string[] = []
      for (const row of batch.map(read)) {
        const one = judge(row, survey, now)
        counts.rows_read++
        if (one.kind === 'unanswered') counts.rows_unanswered++
        else if (one.kind === 'refused') {
          counts.rows_refused++
          if (refused.length < mostShown) refused.push(withoutKind(one))
        } else {
          const key = dedupeOf({ ...scope, input: one.input, key: one.key, source: 'import' }, survey)!
          if (mapping.externalId !== undefined && seen.add(key)) counts.rows_repeated++
          else keys.push(key)
        }
      }
      const known = mayKnow && keys.length > 0 ? await house.store.read(scope, (db) => listKnown(db, keys)) : undefined
      counts.rows_repeated += known?.size ?? 0
      counts.rows_accepted += keys.length - (known?.size ?? 0)
      if (!(await onPart(part()))) return undefined
    }
    return { counts, refused, error: null }
  } catch (error) {
    const problem = tableProblem(error)
    if (!problem) throw error
    return { counts, refused, error: problem }
  }
}

/** As the ingest will judge it. */
function judge(row: ReadRow, survey: PublishedSurvey, now: Date): ReadRow {
  if (row.kind !== 'answer') return row
  const verdict = fitAnswer(survey, row.input, { now, mayImport: true, afterwards: true })
  if (verdict.status === 'fits') return row
  return { kind: 'refused', line: row.line, value: row.valueOf(verdict.field), code: verdict.code, args: verdict.args }
}

function withoutKind({ line, value, code, args }: RefusedRow): RefusedRow {
  return { line, value, code, args }
}
