import type { FastifyRequest } from 'fastify'
import { customerGroup, findCustomerByAddress, listOrganisationNamesOf } from '#people'
import type { Module } from '#platform/module.ts'
import type { Db, Scope } from '#platform/store.ts'
import { everybody, type Reader } from './help.queries.ts'

/** Who reads a page: a member, a customer who is signed in, or anybody. */
export async function readerOf(db: Db, request: FastifyRequest, modules: readonly Module[]): Promise<Reader> {
  const known = memberOf(request.scope)
  if (known) return known
  for (const { desk } of modules) {
    const address = await desk?.findSignedIn(db, request)
    if (address !== undefined) return readerAt(db, address)
  }
  return everybody
}

/** A request of the reader's own that a question is about. */
export type OwnFound = { number: number; subject: string; standing: string }

/** Requests of the reader's own that a question is about: none for whoever is not signed in. */
export async function findOwn(
  db: Db,
  { request, modules }: { request: FastifyRequest; modules: readonly Module[] },
  asked: { text: string; limit: number; typing: boolean },
): Promise<OwnFound[]> {
  for (const { desk } of modules) {
    if (desk?.saysSignedIn(request)) return desk.findOwn(db, request, asked)
  }
  return []
}

/** Whoever asks by the API: with the permission to read articles all of them, else what is public. */
export function readerBy(scope: Scope): Reader {
  return memberOf(scope) ?? everybody
}

function memberOf({ actor }: Scope): 'member' | undefined {
  return actor.permissions.has('articles.read') ? 'member' : undefined
}

/** An address that is nobody's any more opens nothing. */
async function readerAt(db: Db, address: string): Promise<Reader> {
  const id = await findCustomerByAddress(db, address)
  if (id === undefined) return everybody
  return { signedIn: true, organisations: await listOrganisationNamesOf(db, await customerGroup(db, id)) }
}
