import { hashToken } from '../secrets.ts'

/** What a mail provider asks for before it gives an access token (RFC 6749, 6). */
export type OauthAccount = { tokenUrl: string; clientId: string; clientSecret?: string; refreshToken: string }

/** Told that a provider gave another refresh token in place of the one before, which it takes no more. */
export type RenewToken = (before: string, now: string) => Promise<void>

type Known = { token: string; until: number; refreshToken: string }
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
  const have = known.get(keyOf(account))
  if (have && have.until - marginMs > now.getTime()) return have.token
  const asked = { ...account, refreshToken: have?.refreshToken ?? account.refreshToken }
  const { token, seconds, refreshToken = asked.refreshToken } = await refreshed(asked)
  const entry = { token, until: now.getTime() + seconds * 1_000, refreshToken }
  known.set(keyOf(account), entry)
  known.set(keyOf({ ...account, refreshToken }), entry)
  if (refreshToken !== asked.refreshToken) await renew(asked.refreshToken, refreshToken)
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
  const reply = await fetch(tokenUrl, { method: 'POST', body: form, signal: AbortSignal.timeout(timeoutMs) })
  const said = (await reply.json().catch(() => ({}))) as Record<string, unknown>
  const { access_token: token, refresh_token: next } = said
  if (reply.ok && typeof token === 'string') {
    const seconds = Number(said['expires_in'])
    return {
      token,
      seconds: Number.isFinite(seconds) ? seconds : 3_600,
      ...(typeof next === 'string' && next !== '' && { refreshToken: next }),
    }
  }
  const why = [said['error'], said['error_description']].filter((part) => typeof part === 'string').join(': ')
  throw new Error(`no access token: ${why || `the provider answered ${reply.status}`}`.slice(0, 300))
}
