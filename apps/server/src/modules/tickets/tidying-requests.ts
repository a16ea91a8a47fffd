import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import { deleteOldLinks } from './customer-links.queries.ts'
import { deleteOldCustomerSessions } from './customer-sessions.queries.ts'
import { formMs } from './form-tokens.ts'
import { deleteOldUploads } from './request-files.queries.ts'
import { deleteOldForms } from './sent-forms.queries.ts'

const dayMs = 86_400_000

/** Forgets links and sessions that are over, forms that are too old to come again, and files of forms that did not. */
export function tidyRequestsTask({ store }: House): Task {
  return {
    name: 'tidy_requests',
    daily: true,
    async run(scope) {
      await store.write(scope, async (tx) => {
        await deleteOldLinks(tx)
        await deleteOldCustomerSessions(tx)
        await deleteOldForms(tx, new Date(tx.now.getTime() - formMs - dayMs))
        await deleteOldUploads(tx, new Date(tx.now.getTime() - dayMs))
      })
    },
  }
}
