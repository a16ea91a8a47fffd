/** Told of each piece that was read; `end` takes the bar away again. */
export interface Progress {
  read(bytes: number): void
  end(): void
}

interface Screen {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

const barCells = 24
const paintEveryMs = 100

/** A bar on a terminal; nothing where `screen` is none. `total` bytes, `null` where nobody knows. */
export function createProgress(screen: Screen, total: number | null, now: () => number): Progress {
  if (!screen.isTTY) return { read() {}, end() {} }
  const startedAt = now()
  let done = 0
  let paintedAt = startedAt
  function read(bytes: number): void {
    done += bytes
    if (now() - paintedAt < paintEveryMs) return
    paintedAt = now()
    screen.write(`\r\x1b[2K${progressLine(done, total, (paintedAt - startedAt) / 1000)}`)
  }
  function end(): void {
    if (paintedAt > startedAt) screen.write('\r\x1b[2K')
  }
  return { read, end }
}

/** One line without colours; `seconds` since the start. */
export function progressLine(done: number, total: number | null, seconds: number): string {
  if (total === null || total === 0) return `${megabytes(done)} read`
  const share = Math.min(1, done / total)
  const full = Math.round(share * barCells)
  const bar = '█'.repeat(full) + '░'.repeat(barCells - full)
  const left = share < 0.02 ? '' : `, ${Math.ceil(seconds / share - seconds)} s left`
  return `${bar} ${Math.floor(share * 100)} % of ${megabytes(total)}${left}`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`
}
