import type { House } from '../../house.ts'
import { openMailbox } from './imap-mailbox.ts'
import { openReceiver } from './smtp-receiver.ts'

/** What this process does to get mail that comes back. */
export type Receiving = {
  /** Where the built-in server listens; undefined without one. */
  readonly port: number | undefined
  close(): Promise<void>
}

/** Opens what the settings name: a mailbox to read, a server that takes mail, both or neither. */
export async function openReceiving(house: House): Promise<Receiving> {
  const { returns } = house.config.mail
  const receiver = returns?.receiver ? await openReceiver(house, returns) : undefined
  const mailbox = returns?.imapUrl === undefined ? undefined : openMailbox(house, returns.imapUrl)
  mailbox?.start()
  return {
    port: receiver?.port,
    close: async () => void (await Promise.all([receiver?.close(), mailbox?.stop()])),
  }
}
