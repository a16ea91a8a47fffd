import { findOrigin, noWorkspace, originOfVisit } from '#accounts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { House } from '#platform/house.ts'
import type { Wake } from '#platform/live.ts'
import type { Module } from '#platform/module.ts'
import { pageMemory, type PageMemory, type Remembered } from '#platform/page-memory.ts'
import { sendFinishedPage, type FinishedPage } from '#platform/pages.ts'

/** `memory`: for a page that everybody gets alike. */
export type Visit = {
  house: House
  modules: readonly Module[]
  request: FastifyRequest
  reply: FastifyReply
  memory?: Memory
}

type Memory = Pick<Remembered, 'once'> & { keep(page: FinishedPage): void }

/** Some 3,000 pages. */
const mostBytes = 16 * 1024 * 1024
/** What is seen on no page. */
const unseen = new Set(['article.created', 'article.drafted', 'article.scheduled', 'article.voted'])
const ofHouse = new WeakMap<House, PageMemory>()

/** Shows a page as it was put together for somebody else, where it is the same for everybody; else as `show` makes it. */
export async function fromMemory(visit: Visit, show: (visit: Visit) => Promise<FastifyReply>): Promise<FastifyReply> {
  const { house, request, reply } = visit
  const remembered = isAnybodys(visit) ? await memoryOf(house).of(request.scope.workspaceId) : undefined
  if (!remembered) return show(visit)
  const key = await keyOf(visit)
  const page = remembered.find(key)
  if (page) return sendFinishedPage(request, reply, page)
  const { once } = remembered
  return show({ ...visit, memory: { once, keep: (finished) => remembered.keep(key, finished) } })
}

/** What links to the site of a visit begin with. */
export async function siteOf({ house, request }: Pick<Visit, 'house' | 'request'>): Promise<string> {
  return (await findOrigin(house, request)) ?? originOfVisit(request)
}

/** What stands around all pages that everybody gets alike is read once; for others it is read each time. */
export function once<T>({ memory }: Visit, name: string, read: () => Promise<T>): Promise<T> {
  return memory ? memory.once(name, read) : read()
}

function memoryOf(house: House): PageMemory {
  const known = ofHouse.get(house) ?? pageMemory(house, { mostBytes, isAbout })
  ofHouse.set(house, known)
  return known
}

/** Brand and form stand on each page, too. */
function isAbout({ type }: Wake): boolean {
  return /^(article|article_collection|workspace|contact_form)\./.test(type) && !unseen.has(type)
}

/** Whoever may be somebody is asked first who they are; and what an address asks for besides a page is for whoever asks. */
function isAnybodys({ modules, request }: Visit): boolean {
  const { scope, url } = request
  if (scope.actor.kind !== 'nobody' || scope.workspaceId === noWorkspace || url.includes('?')) return false
  return !modules.some(({ desk }) => desk?.saysSignedIn(request))
}

/** Only an address without a language is shown in that of the browser. */
async function keyOf(visit: Visit): Promise<string> {
  const { request } = visit
  return `${await siteOf(visit)} ${request.url}${(request.params as { language?: string }).language ? '' : ` ${request.language}`}`
}
