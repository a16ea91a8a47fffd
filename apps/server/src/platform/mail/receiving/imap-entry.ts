import { isThisMachine } from '../../networks.ts'
import { forgetAccessToken } from '../access-tokens.ts'

export type ImapSecret = { pass: string } | { accessToken: string }

/** A folder of a mail server, and how it is entered. */
export type ImapAccount = {
  host: string
  port: number
  /** TLS from the first byte; else STARTTLS, without which no password leaves this machine. */
  secure: boolean
  user: string
  folder: string
  /** Asked for each connection, because a token lives an hour. */
  secret(): Promise<ImapSecret>
}

/** Whoever answers for a server cannot talk us out of TLS. */
export function startTls(host: string, secure: boolean): { doSTARTTLS?: true } {
  return secure || isThisMachine(host) ? {} : { doSTARTTLS: true }
}

/** Enters with an account's secret. A token that the server refuses, though it should live still, is renewed once. */
export async function withSecret<T>({ secret }: ImapAccount, enter: (given: ImapSecret) => Promise<T>): Promise<T> {
  const given = await secret()
  try {
    return await enter(given)
  } catch (error) {
    const { authenticationFailed } = error as { authenticationFailed?: boolean }
    if (!('accessToken' in given) || authenticationFailed !== true) throw error
    forgetAccessToken(given.accessToken)
  }
  return enter(await secret())
}
