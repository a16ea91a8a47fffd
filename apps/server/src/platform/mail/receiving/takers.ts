import type { House } from '../../house.ts'

/** Somebody who takes mail that the built-in receiver was given for an address. */
export type MailTaker = {
  /** @param address in lower case @returns undefined when it is not theirs */
  find(house: House, address: string): Promise<TakingAddress | undefined>
}

export type TakingAddress = {
  /** Keeps a mail, whole; it is acknowledged afterwards. The same one twice is one. */
  take(raw: Buffer): Promise<void>
}

const takers: MailTaker[] = []

/** Filled once by `app.ts` from the doors of the modules. */
export function registerMailTaker(taker: MailTaker): void {
  if (!takers.includes(taker)) takers.push(taker)
}

/** Who takes mail for an address, besides the return address of the installation. */
export async function takingAddress(house: House, address: string): Promise<TakingAddress | undefined> {
  for (const taker of takers) {
    const found = await taker.find(house, address.toLowerCase())
    if (found) return found
  }
  return undefined
}
