import type { TestHouse } from '../platform/testing/house.ts'

type Reply = Awaited<ReturnType<TestHouse['app']['inject']>>
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A browser in a test: it keeps its cookies for each host, and comes from one address. */
export type Visitor = {
  /** @param path below `/api/v1`, or a page's address when it begins with `//` */
  ask(method: Method, path: string, body?: object | Buffer, headers?: Record<string, string>): Promise<Reply>
  /** The same browser at another host. */
  at(host: string): Visitor
}

/** A password that nothing refuses. */
export const goodPassword = 'violin teapot 97 glacier'

/** @param address where the browser is, for what is counted by address */
export function visitor(
  house: TestHouse,
  { host = 'localhost', address = '203.0.113.7' } = {},
  jar = new Map<string, string>(),
): Visitor {
  return {
    async ask(method, path, body, headers = {}) {
      const cookie = jar.get(host)
      const reply = await house.app.inject({
        method,
        url: path.startsWith('//') ? path.slice(1) : `/api/v1${path}`,
        payload: body,
        remoteAddress: address,
        headers: { host, ...(cookie ? { cookie } : {}), ...headers },
      })
      for (const { name, value } of reply.cookies) jar.set(host, `${name}=${value}`)
      return reply
    },
    at: (other) => visitor(house, { host: other, address }, jar),
  }
}

/** What a person fills in to sign up. */
export function signUpForm(slug: string, more: object = {}) {
  return {
    name: 'Ana Novak',
    email: `owner@${slug}.example`,
    password: goodPassword,
    workspace: { name: `The ${slug} shop`, slug, language: 'sl', timeZone: 'Europe/Ljubljana' },
    ...more,
  }
}

/** A browser that has signed up a millisecond after whoever was before it, followed to its workspace's host, and the workspace's id. */
export async function newWorkspace(
  house: TestHouse,
  slug: string,
  from = visitor(house),
): Promise<{ owner: Visitor; id: string }> {
  house.clock.advance(1)
  const reply = await from.ask('POST', '/sign-ups', signUpForm(slug))
  if (reply.statusCode !== 201) throw new Error(reply.body)
  const owner = await follow(from, reply.json().workspaceUrl)
  return { owner, id: (await owner.ask('GET', '/me')).json().workspace.id }
}

/** Goes where a reply sends a browser, through the hand-over if there is one. */
export async function follow(from: Visitor, workspaceUrl: string): Promise<Visitor> {
  const { host, pathname } = new URL(workspaceUrl)
  const there = from.at(host)
  if (pathname.startsWith('/enter/')) await there.ask('GET', `/${pathname}`)
  return there
}

/** A key of whoever asks. */
export async function newKey(
  owner: Visitor,
  ...scopes: string[]
): Promise<{ id: string; bearer: { authorization: string } }> {
  const { key, apiKey } = (await owner.ask('POST', '/keys', { name: 'A program', scopes })).json()
  return { id: apiKey.id, bearer: { authorization: `Bearer ${key}` } }
}

/** Somebody who joined by a link. */
export async function newMember(
  house: TestHouse,
  owner: Visitor,
  role: string,
  email: string,
): Promise<{ member: Visitor; id: string }> {
  const { url } = (await owner.ask('POST', '/member-links', { role })).json()
  const from = visitor(house, { host: new URL(url).host })
  const joined = await from.ask('POST', `/member-links/${url.split('/').at(-1)}/acceptance`, {
    name: 'Bor Kos',
    email,
    password: goodPassword,
  })
  if (joined.statusCode !== 201) throw new Error(joined.body)
  const member = await follow(from, joined.json().workspaceUrl)
  const all = (await owner.ask('GET', '/members?limit=200')).json().items as { id: string; email: string }[]
  return { member, id: all.find((one) => one.email === email)!.id }
}
