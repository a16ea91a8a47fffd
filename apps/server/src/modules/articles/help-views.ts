import type { Language } from '@lahko/contract/values'
import { beginningOf, plainText } from '#platform/plain-text.ts'
import { Problem } from '#platform/problem.ts'
import type { Db } from '#platform/store.ts'
import { brandsOf, type Brand } from '#surveys'
import { episodeOf } from '#touchpoints'
import { viewOf, type View } from './help-frame.ts'
import { once, siteOf, type Visit } from './help-memory.ts'

/** Whose page it is, in which language, and where people are reached. @throws Problem not_found where no workspace lives */
export async function viewFor(visit: Visit, language: Language, { form, episode }: Ways): Promise<View> {
  const brand = await brandFor(visit)
  if (!brand) throw nothingHere()
  visit.request.language = language
  return viewOf(brand, language, {
    origin: await siteOf(visit),
    ...(form !== undefined && { form }),
    ...(episode !== undefined && { episode }),
  })
}

/** Whose site it is; undefined where no workspace lives. */
export function brandFor(visit: Visit): Promise<Brand | undefined> {
  const { workspaceId } = visit.request.scope
  const brands = brandsOf(visit.house)
  return visit.memory ? visit.memory.once('brand', () => brands.anew(workspaceId)) : brands.of(workspaceId)
}

/** How a page leads on: the form by which people ask, while there is one, and the episode that it belongs to. */
export type Ways = { form?: string | undefined; episode?: string | undefined }

/** How the page of a visit leads on. */
export async function findWays(visit: Visit, db: Db): Promise<Ways> {
  return { form: await findForm(visit, db), episode: await episodeOf(db, visit.request) }
}

function findForm(visit: Visit, db: Db): Promise<string | undefined> {
  return once(visit, 'form', async () => {
    for (const { desk } of visit.modules) {
      const form = await desk?.findForm(db)
      if (form !== undefined) return form
    }
    return undefined
  })
}

/** What a person wrote, as far as it is kept. */
export function written(given: unknown): string | null {
  const cut = typeof given === 'string' ? beginningOf(plainText(given), 2000) : ''
  return cut === '' ? null : cut
}

/** What is not there, and what somebody may not see. */
export function nothingHere(): Problem {
  return new Problem('not_found', 'platform.no_such_address')
}
