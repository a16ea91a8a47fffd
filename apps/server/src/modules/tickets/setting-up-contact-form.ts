import { emit } from '#platform/events.ts'
import type { Tx } from '#platform/store.ts'
import { upsertContactForm, type ContactFormRow } from './contact-forms.queries.ts'

/** Says whether customers can ask by the form, and what it asks. */
export async function setUpContactForm(tx: Tx, form: Omit<ContactFormRow, 'form_key'>): Promise<void> {
  await upsertContactForm(tx, form)
  await emit(tx, { type: 'contact_form.changed', subjectId: tx.workspaceId })
}
