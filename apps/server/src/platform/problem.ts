import type { ProblemKind } from '@lahko/contract/problems'

export type FieldError = { field: string; code: string; message?: string; args?: Record<string, unknown> }

/**
 * An expected failure. `code` names a sentence in the catalogues (`problem.<code>`) that its reader can act on;
 * everything else that is thrown is a bug.
 */
export class Problem extends Error {
  readonly kind: ProblemKind
  readonly code: string
  readonly args: Record<string, unknown>
  readonly errors: readonly FieldError[]

  constructor(kind: ProblemKind, code: string, args: Record<string, unknown> = {}, errors: readonly FieldError[] = []) {
    super(`${kind}: ${code}`)
    this.name = 'Problem'
    this.kind = kind
    this.code = code
    this.args = args
    this.errors = errors
  }
}

/** A refusal of one field, named by its JSON Pointer. */
export function invalidField(field: string, code: string, args: Record<string, unknown> = {}): Problem {
  return new Problem('invalid', code, args, [{ field, code, args }])
}
