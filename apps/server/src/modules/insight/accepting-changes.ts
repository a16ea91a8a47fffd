import { emit } from '#platform/events.ts'
import { Problem } from '#platform/problem.ts'
import type { Tx } from '#platform/store.ts'
import { deleteAcceptedChange, insertAcceptedChange, listAcceptedChanges } from './accepted-changes.queries.ts'
import type { Subject } from './measuring.ts'

/** More would be no normal. */
const mostChanges = 100

/**
 * Takes what came since a day as the new normal: its chart starts anew there. Twice is once.
 * @throws Problem conflict `insight.change_without_answers` for a day before the first answer or after today,
 *   `insight.too_many_changes`
 */
export async function acceptChange(tx: Tx, { survey, wording, today }: Subject, on: string): Promise<void> {
  if (wording.firstOn === null || on <= wording.firstOn || on > today) {
    throw new Problem('conflict', 'insight.change_without_answers')
  }
  const known = await listAcceptedChanges(tx, survey.id, wording.wording)
  if (known.includes(on)) return
  if (known.length >= mostChanges) throw new Problem('conflict', 'insight.too_many_changes', { most: mostChanges })
  if (!(await insertAcceptedChange(tx, survey.id, wording.wording, on))) return
  await emit(tx, { type: 'survey.change_accepted', subjectId: survey.id, data: { on } })
}

/** Takes it back. Twice is once. */
export async function withdrawChange(tx: Tx, { survey, wording }: Subject, on: string): Promise<void> {
  if (!(await deleteAcceptedChange(tx, survey.id, wording.wording, on))) return
  await emit(tx, { type: 'survey.change_withdrawn', subjectId: survey.id, data: { on } })
}
