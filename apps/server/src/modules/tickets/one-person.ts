import type { House } from '#platform/house.ts'
import type { Task } from '#platform/jobs.ts'
import { tellRepeats } from './telling-effort.ts'

const repeatsTask = 'tell_repeats_of_person'

/** What customers who are one, or are two again, have asked within a week counts anew. */
export const onePersonReactions = { 'customer.merged': repeatsTask, 'customer.unmerged': repeatsTask }

type Payload = { subjectId: string; data?: { fromId?: string } }

export function onePersonTask({ store }: House): Task {
  return {
    name: repeatsTask,
    run: (scope, payload) => {
      const { subjectId, data } = payload as Payload
      return store.write(scope, (tx) => tellRepeats(tx, [subjectId, ...(data?.fromId ? [data.fromId] : [])]))
    },
  }
}
