import { Readable } from 'node:stream'
import type { LiveWake } from '@lahko/contract'
import type { Live, Wake } from '#platform/live.ts'

/** One open screen that listens. */
export type Listener = {
  workspaceId: string
  /** Who listens, such as a session or a key; empty for nobody in particular. */
  actor: string
  /** Asked at each heartbeat and whenever sessions, keys or members change: whether the listener may still listen. */
  allowed(): Promise<boolean>
}

export type LiveStreams = {
  /**
   * The stream of a workspace's wakes; undefined when too many are open already.
   * @param missedMs so long ago whoever opens it began to read: what was told since comes first
   */
  open(listener: Listener, missedMs?: number): Readable | undefined
  /** Ends all streams: the server stops. */
  close(): void
}

export type LiveLimits = {
  perWorkspace: number
  perActor: number
  heartbeatMs: number
  gapMs: number
  /** So many wakes, and for so long, are remembered for screens that open. */
  remembered: number
  rememberedMs: number
}

/** A type is told at most four times a second; a tab that does not read is closed rather than remembered. */
const usual: LiveLimits = {
  ...{ perWorkspace: 500, perActor: 20, heartbeatMs: 20_000, gapMs: 250 },
  ...{ remembered: 1_000, rememberedMs: 30_000 },
}
/** A request is under way for some time before its stream is opened. */
const onTheWayMs = 2_000
const changesRights = /^(session|key|member|workspace)\./
const subjectsNamed = 20
const mostUnread = 64 * 1024

type Stream = Listener & { readable: Readable; beat: NodeJS.Timeout }
type Pending = { subjects: Set<string>; timer: NodeJS.Timeout }
type Room = { streams: Set<Stream>; pending: Map<string, Pending> }

/** Server-sent events for every workspace of one process, fed by its one connection that listens. */
export function createLiveStreams(live: Live, limits: Partial<LiveLimits> = {}): LiveStreams {
  const { perWorkspace, perActor, heartbeatMs, gapMs, remembered, rememberedMs } = { ...usual, ...limits }
  const rooms = new Map<string, Room>()
  const memory = rememberWakes(remembered, rememberedMs)

  /** The first of a burst goes out at once, what follows within the gap goes together. */
  function hear({ workspaceId, type, subjectId }: Wake): void {
    memory.add({ workspaceId, type, subjectId })
    const room = rooms.get(workspaceId)
    if (!room) return
    if (changesRights.test(type)) for (const stream of room.streams) void beat(stream)
    const waiting = room.pending.get(type)
    if (waiting) return void waiting.subjects.add(subjectId)
    tell(room, type, new Set([subjectId]))
    pause(room, type)
  }

  function pause(room: Room, type: string): void {
    const subjects = new Set<string>()
    const timer = setTimeout(() => {
      room.pending.delete(type)
      if (subjects.size === 0) return
      tell(room, type, subjects)
      pause(room, type)
    }, gapMs)
    room.pending.set(type, { subjects, timer })
  }

  function open(listener: Listener, missedMs = 0): Readable | undefined {
    const room = rooms.get(listener.workspaceId) ?? { streams: new Set(), pending: new Map() }
    const own = [...room.streams].filter(({ actor }) => actor === listener.actor).length
    if (room.streams.size >= perWorkspace || own >= perActor) return undefined
    rooms.set(listener.workspaceId, room)
    const readable = new Readable({ read() {} })
    const stream: Stream = { ...listener, readable, beat: setInterval(() => void beat(stream), heartbeatMs) }
    readable.on('close', () => leave(room, stream))
    room.streams.add(stream)
    readable.push('retry: 2000\n\n: open\n\n')
    if (missedMs > 0)
      for (const wake of memory.since(listener.workspaceId, missedMs + onTheWayMs)) send(stream, messageOf(wake))
    return readable
  }

  function leave(room: Room, stream: Stream): void {
    clearInterval(stream.beat)
    room.streams.delete(stream)
    if (room.streams.size > 0) return
    for (const { timer } of room.pending.values()) clearTimeout(timer)
    if (rooms.get(stream.workspaceId) === room) rooms.delete(stream.workspaceId)
  }

  const stop = live.onWake(hear)
  return {
    open,
    close() {
      stop()
      for (const { streams } of rooms.values()) for (const stream of streams) end(stream)
    },
  }
}

async function beat(stream: Stream): Promise<void> {
  const allowed = await stream.allowed().catch(() => true)
  if (!allowed) return end(stream)
  send(stream, ': here\n\n')
}

function tell({ streams }: Room, type: string, subjects: ReadonlySet<string>): void {
  const message = messageOf(wakeAbout(type, subjects))
  for (const stream of streams) send(stream, message)
}

function wakeAbout(type: string, subjects: ReadonlySet<string>): LiveWake {
  return { type, subjectIds: subjects.size > subjectsNamed ? [] : [...subjects] }
}

function messageOf(wake: LiveWake): string {
  return `data: ${JSON.stringify(wake)}\n\n`
}

/** The last wakes of all workspaces: a screen reads first and listens then, and what happens in between is told too. */
function rememberWakes(most: number, mostMs: number) {
  let recent: { wake: Wake; at: number }[] = []
  return {
    add(wake: Wake): void {
      recent.push({ wake, at: performance.now() })
      if (recent.length > 2 * most) recent = recent.slice(-most)
    },
    /** One a type; all is stale where they reach further back than is remembered. */
    since(workspaceId: string, ms: number): LiveWake[] {
      const from = performance.now() - ms
      if (ms > mostMs || (recent.length >= most && recent[0]!.at > from)) return [{ type: 'all', subjectIds: [] }]
      const missed = recent.filter(({ wake, at }) => at >= from && wake.workspaceId === workspaceId)
      const byType = Map.groupBy(missed, ({ wake }) => wake.type)
      return [...byType].map(([type, those]) => wakeAbout(type, new Set(those.map(({ wake }) => wake.subjectId))))
    },
  }
}

function send(stream: Stream, message: string): void {
  if (stream.readable.readableEnded || stream.readable.destroyed) return
  if (stream.readable.readableLength > mostUnread) return void stream.readable.destroy()
  stream.readable.push(message)
}

function end({ readable, beat }: Stream): void {
  clearInterval(beat)
  if (!readable.destroyed) readable.push(null)
}
