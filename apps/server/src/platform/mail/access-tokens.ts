import { hashToken } from '../secrets.ts'

/** What a mail provider asks for before it gives an access token (RFC 6749, 6). */
export type OauthAccount = { tokenUrl: string; clientId: string; clientSecret?: string; refreshToken: string }

/** Told that a provider gave another refresh token in place of the one before, which it takes no more. */
export type RenewToken = (before: string, now: string) => Promise<void>

/** `asking`: the next one is on its way, and whoever needs it waits for that: a refresh token may be taken only once. */
type Known = { token: string; until: number; refreshToken: string; asking?: Promise<string> }
/** By account; one that got other refresh tokens is known by each of them. */
const known = new Map<string, Known>()
const timeoutMs = 30_000
/** A token that ends while it is used would end the connection. */
const marginMs = 120_000

/**
 * A token with which a mail server is entered (XOAUTH2), from memory as long as it lives.
 * @param renew what keeps a refresh token that takes the place of the one before (RFC 6749, 6)
 * @throws Error with what the provider said, for people
 */
export async function accessToken(account: OauthAccount, now: Date, renew: RenewToken): Promise<string> {
  const key = keyOf(account)
  const have = known.get(key) ?? { token: '', until: 0, refreshToken: account.refreshToken }
  known.set(key, have)
  if (have.until - marginMs > now.getTime()) return have.token
  have.asking ??= askAnew(have, account, now, renew).finally(() => delete have.asking)
  return have.asking
}

async function askAnew(have: Known, account: OauthAccount, now: Date, renew: RenewToken): Promise<string> {
  const before = have.refreshToken
  const { token, seconds, refreshToken = before } = await refreshed({ ...account, refreshToken: before })
  Object.assign(have, { token, until: now.getTime() + seconds * 1_000, refreshToken })
  known.set(keyOf({ ...account, refreshToken }), have)
  if (refreshToken !== before) await renew(before, refreshToken)
  return token
}

/** Finds the token with which a server is entered. `refused`: it has not taken the one in memory. */
export type FindToken = (account: OauthAccount, refused: boolean) => Promise<string>

export function tokensBy(now: () => Date, renew: RenewToken): FindToken {
  return async (account, refused) => {
    const token = await accessToken(account, now(), renew)
    if (!refused) return token
    forgetAccessToken(token)
    return accessToken(account, now(), renew)
  }
}

/** A server takes it no more, whatever was said of how long it lives: the next one is asked for. */
export function forgetAccessToken(token: string): void {
  for (const entry of known.values()) if (entry.token === token) entry.until = 0
}

function keyOf(account: OauthAccount): string {
  return hashToken(JSON.stringify(account)).toString('base64')
}

type Refreshed = { token: string; seconds: number; refreshToken?: string }

async function refreshed(account: OauthAccount): Promise<Refreshed> {
  const { tokenUrl, clientId, clientSecret, refreshToken } = account
  const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken })
  if (clientSecret !== undefined && clientSecret !== '') form.set('client_secret', clientSecret)
  const init = { method: 'POST', body: form, signal: AbortSignal.timeout(timeoutMs) }
  const reply = await fetch(tokenUrl, init).catch((error: Error) => {
    throw new Error(`no access token just now: ${((error.cause as Error | undefined) ?? error).message}`)
  })
  const said = ((await reply.json().catch(() => null)) ?? {}) as Record<string, unknown>
  const { access_token: token, refresh_token: next } = said
  if (reply.ok && typeof token === 'string') {
    const seconds = Number(said['expires_in'])
    return {
      token,
      seconds: Number.isFinite(seconds) ? seconds : 3_600,
      ...(typeof next === 'string' && next !== '' && { refreshToken: next }),
    }
  }
  throw new Error(notGiven(reply.status, said).slice(0, 300))
}

/** Only what a provider says in the words of RFC 6749, 5.2 is about the account; anything else may be over by itself. */
function notGiven(status: number, said: Record<string, unknown>): string {
  const why = [said['error'], said['error_description']].filter((part) => typeof part === 'string').join(': ')
  const isRefused = why !== '' && status < 500
  return `no access token${isRefused ? '' : ' just now'}: ${why || `the provider answered ${status}`}`
}
