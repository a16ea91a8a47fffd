/** Why a source cannot be read as a table at all. */
export type TableProblemCode =
  | 'empty'
  | 'no-header'
  | 'binary'
  | 'workbook'
  | 'compressed'
  | 'json-array'
  | 'not-json-lines'
  | 'unclosed-quote'
  | 'long-line'
  | 'unknown-column'

/**
 * A source that is not a table. `message` is one English sentence; a program that speaks other languages
 * translates `code` and shows `line` (1-based, `null` where no line is to blame).
 */
export class TableProblem extends Error {
  readonly code: TableProblemCode
  readonly line: number | null

  constructor(code: TableProblemCode, message: string, line: number | null = null) {
    super(message)
    this.name = 'TableProblem'
    this.code = code
    this.line = line
  }
}
