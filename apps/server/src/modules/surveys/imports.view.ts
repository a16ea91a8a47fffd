import type { ImportState } from '@lahko/contract/surveys'
import type { Language } from '@lahko/contract/values'
import { words } from '#platform/words.ts'
import { sentenceFor } from '#platform/uploads.ts'
import type { ImportRow } from './imports.queries.ts'

/** An import in the language of whoever reads it. */
export function viewImport(row: ImportRow, language: Language): ImportState {
  return {
    id: row.id,
    surveyId: row.survey_id,
    fileName: row.file_name,
    state: row.state,
    columns: [...row.shape.columns],
    sample: row.shape.sample.map((record) => ({ ...record })),
    mapping: row.mapping ?? row.shape.guess,
    rowsRead: row.rows_read,
    rowsAccepted: row.rows_accepted,
    rowsRefused: row.rows_refused,
    rowsRepeated: row.rows_repeated,
    rowsUnanswered: row.rows_unanswered,
    refused: row.refused.map((one) => ({ line: one.line, value: one.value, reason: sentenceFor(language, one) })),
    progress: row.progress,
    error: row.error && sentenceFor(language, row.error),
    remarks: row.remarks.map(({ code, args }) => words(language, code.replace('.', '.remark.'), args)),
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
  }
}
