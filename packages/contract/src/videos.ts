/** A video that a text names by its address, and what plays it. */
export type Video = {
  /** Who is asked for it: `YouTube`, `Vimeo`, or the name of a server. */
  host: string
  /** The player's page in a frame, or the file itself. */
  kind: 'frame' | 'file'
  /** What the frame or the element loads, once somebody has asked for it. */
  player: string
}

/**
 * The video at an address: YouTube and Vimeo, by the players of theirs that keep the least, and files of https servers
 * that end in .mp4 or .webm. Pure.
 * @returns undefined for every other address
 */
export function videoAt(address: string): Video | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return undefined
  return youTube(url) ?? vimeo(url) ?? file(url)
}

function youTube({ hostname, pathname, searchParams }: URL): Video | undefined {
  const name = hostname.replace(/^(www|m)\./, '')
  if (name !== 'youtube.com' && name !== 'youtube-nocookie.com' && name !== 'youtu.be') return undefined
  const [, first = '', second = ''] = pathname.split('/')
  const named = name === 'youtu.be' ? first : /^(embed|shorts|live)$/.test(first) ? second : undefined
  const id = named ?? (first === 'watch' ? (searchParams.get('v') ?? '') : '')
  if (!/^[\w-]{11}$/.test(id)) return undefined
  const seconds = /^(\d{1,6})s?$/.exec(searchParams.get('t') ?? searchParams.get('start') ?? '')?.[1]
  const from = seconds === undefined ? '' : `&start=${seconds}`
  const player = `https://www.youtube-nocookie.com/embed/${id}?autoplay=1&rel=0${from}`
  return { host: 'YouTube', kind: 'frame', player }
}

function vimeo({ hostname, pathname, searchParams }: URL): Video | undefined {
  const isPlayer = hostname === 'player.vimeo.com'
  if (!isPlayer && hostname.replace(/^www\./, '') !== 'vimeo.com') return undefined
  const form = isPlayer ? /^\/video\/(\d{1,15})()$/ : /^\/(\d{1,15})(?:\/([0-9a-f]{1,40}))?$/
  const [, id, path] = form.exec(pathname) ?? []
  if (id === undefined) return undefined
  // What is not listed is found by a second word.
  const word = path || searchParams.get('h') || ''
  const more = /^[0-9a-f]{1,40}$/.test(word) ? `&h=${word}` : ''
  return { host: 'Vimeo', kind: 'frame', player: `https://player.vimeo.com/video/${id}?autoplay=1&dnt=1${more}` }
}

function file({ hostname, pathname, href }: URL): Video | undefined {
  // Of a host there may stand ; and * in an address, which mean something in the policy of a page.
  const isPlain = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(hostname)
  return isPlain && /\.(mp4|webm)$/i.test(pathname) ? { host: hostname, kind: 'file', player: href } : undefined
}
