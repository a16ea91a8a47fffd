import { BlockList, isIPv6 } from 'node:net'
import type { Workspace } from '@lahko/contract'
import { findWorkspace, viewWorkspace } from '#accounts'
import type { House } from '#platform/house.ts'
import { accentCss } from '#platform/pages.ts'
import { styleOf, type PageStyle } from '#platform/page-style.ts'
import { system, type Store } from '#platform/store.ts'

/** Whose public page it is: the workspace, its colour as CSS, and whose answers it leaves out. */
export type Brand = Workspace & { readonly accent: PageStyle; isOwnAddress(address: string): boolean }

export type Brands = {
  of(workspaceId: string): Promise<Brand | undefined>
  /** As it is now, for what is remembered for longer. */
  anew(workspaceId: string): Promise<Brand | undefined>
}

const oldestMs = 5_000
const mostKept = 5_000
const ofStore = new WeakMap<Store, Brands>()

/** One memory for each store, at most five seconds old, renewed by the wake-ups of `workspace.*`. */
export function brandsOf(house: House): Brands {
  const existing = ofStore.get(house.store)
  if (existing) return existing
  const kept = new Map<string, { readAt: number; brand: Promise<Brand | undefined> }>()
  const anew = (workspaceId: string) => {
    const brand = readBrand(house.store, workspaceId)
    brand.catch(() => kept.delete(workspaceId))
    if (kept.size >= mostKept) kept.clear()
    kept.set(workspaceId, { readAt: house.clock.now().getTime(), brand })
    return brand
  }
  const brands: Brands = {
    anew,
    of(workspaceId) {
      const known = kept.get(workspaceId)
      return known && house.clock.now().getTime() - known.readAt < oldestMs ? known.brand : anew(workspaceId)
    },
  }
  house.live.onWake(({ workspaceId, type }) => void (type.startsWith('workspace.') && kept.delete(workspaceId)))
  ofStore.set(house.store, brands)
  return brands
}

async function readBrand(store: Store, workspaceId: string): Promise<Brand | undefined> {
  const row = await store.read({ workspaceId, actor: system }, findWorkspace)
  if (!row) return undefined
  const workspace = viewWorkspace(row)
  const accent = styleOf(accentCss({ hue: workspace.accentHue, chroma: workspace.accentChroma }))
  return { ...workspace, accent, isOwnAddress: matcherOf(workspace.ownAddresses) }
}

/** Whether an address is in one of these networks: `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`. */
export function matcherOf(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) =>
    list.check(address.replace(/^::ffff:/i, ''), isIPv6(address.replace(/^::ffff:/i, '')) ? 'ipv6' : 'ipv4')
}
