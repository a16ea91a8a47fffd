import { hashToken } from '../secrets.ts'

/** What a mail provider asks for before it gives an access token (RFC 6749, 6). */
export type OauthAccount = { tokenUrl: string; clientId: string; clientSecret?: string; refreshToken: string }

type Known = { token: string; until: number }
const known = new Map<string, Known>()
const timeoutMs = 30_000
/** A token that ends while it is used would end the connection. */
const marginMs = 120_000

/**
 * A token with which a mail server is entered (XOAUTH2), from memory as long as it lives.
 * @throws Error with what the provider said, for people
 */
export async function accessToken(account: OauthAccount, now: Date): Promise<string> {
  const key = hashToken(JSON.stringify(account)).toString('base64')
  const have = known.get(key)
  if (have && have.until - marginMs > now.getTime()) return have.token
  const { token, seconds } = await refreshed(account)
  known.set(key, { token, until: now.getTime() + seconds * 1_000 })
  return token
}

async function refreshed(account: OauthAccount): Promise<{ token: string; seconds: number }> {
  const { tokenUrl, clientId, clientSecret, refreshToken } = account
  const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken })
  if (clientSecret !== undefined && clientSecret !== '') form.set('client_secret', clientSecret)
  const reply = await fetch(tokenUrl, { method: 'POST', body: form, signal: AbortSignal.timeout(timeoutMs) })
  const said = (await reply.json().catch(() => ({}))) as Record<string, unknown>
  const token = said['access_token']
  if (reply.ok && typeof token === 'string') {
    const seconds = Number(said['expires_in'])
    return { token, seconds: Number.isFinite(seconds) ? seconds : 3_600 }
  }
  const why = [said['error'], said['error_description']].filter((part) => typeof part === 'string').join(': ')
  throw new Error(`no access token: ${why || `the provider answered ${reply.status}`}`.slice(0, 300))
}
