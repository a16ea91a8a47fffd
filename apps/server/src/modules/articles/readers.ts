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
