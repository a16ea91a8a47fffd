import type { Member, Permission } from '@lahko/contract'
import { infiniteQueryOptions, keepPreviousData, queryOptions, useQueries } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'

const keptMs = 300_000

/** Members whose name or address begins so, page by page. @param may what they have to be allowed */
export function membersQuery(search: string, may?: Permission) {
  return infiniteQueryOptions({
    queryKey: ['members', 'found', search, may],
    queryFn: ({ pageParam, signal }) =>
      api.accounts.listMembers({ query: { search: search || undefined, may, after: pageParam, limit: 20 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: keptMs,
  })
}

/** What members are called, by their ids; undefined for whoever left, and until it is known. */
export function useMemberNames(ids: readonly unknown[]): (id: unknown) => string | undefined {
  const wanted = [...new Set(ids.filter((id) => typeof id === 'string'))]
  return useQueries({ queries: wanted.map(memberQuery), combine: nameIn })
}

function nameIn(found: readonly { data: Member | null | undefined }[]) {
  return (id: unknown) => found.find(({ data }) => data?.id === id)?.data?.name
}

function memberQuery(id: string) {
  return queryOptions({ queryKey: ['members', 'one', id], queryFn: () => askFor(id), staleTime: keptMs })
}

const mostAtOnce = 100
let waiting: { ids: string[]; found: Promise<ReadonlyMap<string, Member>> } | undefined

/** Those who are asked for in the same moment are asked for together. */
async function askFor(id: string): Promise<Member | null> {
  if (!waiting || waiting.ids.length >= mostAtOnce) {
    const ids: string[] = []
    waiting = { ids, found: Promise.resolve().then(() => fetchMembers(ids)) }
  }
  waiting.ids.push(id)
  return (await waiting.found).get(id) ?? null
}

async function fetchMembers(ids: string[]): Promise<ReadonlyMap<string, Member>> {
  waiting = undefined
  const { items } = await api.accounts.listMembers({ query: { id: ids, limit: ids.length } })
  return new Map(items.map((member) => [member.id, member]))
}
