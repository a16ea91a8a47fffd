import type { Permission } from '@lahko/contract'
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api } from '../../platform/api.ts'

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: () => api.accounts.me(), staleTime: 60_000 })
export const startQuery = queryOptions({ queryKey: ['start'], queryFn: () => api.accounts.start(), staleTime: 60_000 })

export type Me = Awaited<ReturnType<typeof api.accounts.me>>

/** Who is signed in, and where. Only inside the shell, which waits for it. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data
}

/** Whether the reader may do this here. The server decides; screens only leave out what it would refuse. */
export function useMay(permission: Permission): boolean {
  return useMe().permissions.includes(permission)
}

/** The title of the window. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Lahko`
  }, [title])
}

/** The company's hue and chroma, through the style object: the policy forbids style attributes. */
export function paintAccent(hue: number, chroma: number): void {
  document.documentElement.style.setProperty('--accent-hue', String(hue))
  document.documentElement.style.setProperty('--accent-chroma', String(chroma))
}
