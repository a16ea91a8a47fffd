import { isMoment } from '#platform/moments.ts'
import { invalidField } from '#platform/problem.ts'

const end = /^([12]\d{3}-[\d:T.-]+Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** Where a page begins of what happened in a ticket. @throws Problem invalid `tickets.bad_page` */
export function readPage(after: string | undefined): { at: string; id: string } | undefined {
  if (after === undefined) return undefined
  const [, at, id] = end.exec(Buffer.from(after, 'base64url').toString()) ?? []
  if (at === undefined || id === undefined || !isMoment(at)) throw invalidField('/query/after', 'tickets.bad_page')
  return { at, id }
}

/** Where the next page begins. */
export function writePage({ at, id }: { at: string; id: string }): string {
  return Buffer.from(`${at} ${id}`).toString('base64url')
}
