import { lookup } from 'node:dns/promises'
import { isPublic } from './networks.ts'

/** The network outside, for calls whose address a stranger has written. */
export type Internet = {
  /** Every address of a name. @throws where there is none */
  addressesOf(name: string): Promise<readonly string[]>
  /** Whether an address may be called: no machine of ours answers there. */
  mayCall(address: string): boolean
}

/** The Internet as it is. */
export const internet: Internet = {
  addressesOf: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
  mayCall: isPublic,
}
